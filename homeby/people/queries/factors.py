"""What somebody proves herself with, without any secret. Each sees her own."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.socialaccount.models import SocialAccount

from homeby.people.models import Account
from homeby.people.rules import Viewer
from homeby.people.rules_log_ins import Proof

_TYPES = Authenticator.Type


@dataclass(frozen=True, kw_only=True)
class PasskeyLine:
    """One passkey of a person; `credential` is the id by which a browser asks for it."""

    id: int
    name: str
    added_at: dt.datetime
    used_at: dt.datetime | None
    credential: str


@dataclass(frozen=True, kw_only=True)
class Factors:
    """By what an account is opened; `has_provider` when it is linked to the provider. `codes_left`
    is None where no recovery codes were made."""

    has_password: bool
    passkeys: tuple[PasskeyLine, ...] = ()
    has_app: bool = False
    codes_left: int | None = None
    has_provider: bool = False

    @property
    def asks_for_more(self) -> bool:
        """Whether the password alone is not enough."""
        return bool(self.passkeys) or self.has_app

    @property
    def nothing(self) -> bool:
        """Whether there is nothing here to prove oneself with: only a link or the provider opens
        the account."""
        return not (self.has_password or self.passkeys or self.has_app)

    @property
    def proofs(self) -> frozenset[Proof]:
        """With what she can prove herself here."""
        held = {
            Proof.PASSKEY: bool(self.passkeys),
            Proof.PASSWORD: self.has_password,
            Proof.APP: self.has_app,
        }
        return frozenset(one for one, has in held.items() if has)


def proofs_of(viewer: Viewer) -> frozenset[Proof]:
    """With what the viewer can prove herself; nothing without an account. Up to three queries."""
    if viewer.person_id is None:
        return frozenset()
    account = Account.objects.filter(person_id=viewer.person_id).first()
    return factors_of(viewer, account).proofs if account is not None else frozenset()


def without_passkey(person_ids: Iterable[uuid.UUID]) -> int:
    """How many of these people log in here and have no passkey. One query; names nobody."""
    keys = Authenticator.objects.filter(type=_TYPES.WEBAUTHN).values("user_id")
    rows = Account.objects.filter(person_id__in=set(person_ids), is_active=True)
    return rows.exclude(pk__in=keys).count()


def factors_of(viewer: Viewer | None, account: Account) -> Factors:
    """By what one's own account is opened; of anybody else's nothing is told."""
    if viewer is None or viewer.person_id is None or viewer.person_id != account.person_id:
        return Factors(has_password=False)
    return _factors(account)


def asked_at_log_in(account_id: uuid.UUID) -> Factors:
    """The same for whoever has just given the password of this account: what else to ask for."""
    return _factors(Account.objects.get(pk=account_id))


def _factors(account: Account) -> Factors:
    rows = list(Authenticator.objects.filter(user=account).order_by("created_at", "pk"))
    codes = [RecoveryCodes(row) for row in rows if row.type == _TYPES.RECOVERY_CODES]
    return Factors(
        has_password=account.has_usable_password(),
        passkeys=tuple(_line(row) for row in rows if row.type == _TYPES.WEBAUTHN),
        has_app=any(row.type == _TYPES.TOTP for row in rows),
        has_provider=SocialAccount.objects.filter(user=account).exists(),
        codes_left=len(codes[0].get_unused_codes()) if codes else None,
    )


def _line(row: Authenticator) -> PasskeyLine:
    return PasskeyLine(
        id=row.pk,
        name=row.data["name"],
        added_at=row.created_at,
        used_at=row.last_used_at,
        credential=row.data["credential"]["id"],
    )


def account_of_subject(issuer: str, name: str) -> Account | None:
    """The account that is linked to whom a provider has just let in; None where none is."""
    found = SocialAccount.objects.select_related("user").filter(provider=issuer, uid=name).first()
    account: Account | None = found.user if found is not None else None
    return account
