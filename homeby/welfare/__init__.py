"""Somebody is missed or left out: welfare checks, concerns and what is done about them."""
