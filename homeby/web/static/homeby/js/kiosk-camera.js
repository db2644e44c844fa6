/* The tablet's own camera as a reader of QR codes, where the browser knows how to find one. Nothing
   that it sees is kept, sent or shown, not even on this screen: no face belongs on it. */

const LOOK_EVERY_MS = 150;

/** Whether there is a camera, and a browser that finds codes in what it sees. */
export async function canLook() {
  if (!("BarcodeDetector" in globalThis) || !navigator.mediaDevices?.getUserMedia) return false;
  const formats = await BarcodeDetector.getSupportedFormats().catch(() => []);
  if (!formats.includes("qr_code")) return false;
  const devices = await navigator.mediaDevices.enumerateDevices().catch(() => []);
  return devices.some(({ kind }) => kind === "videoinput");
}

/** Looks through the camera until it has read a code, which `read(code)` is told, or until what
    this gives is called: from then on the camera is off, even where it was about to begin. `fail()`
    is called where it cannot be used. */
export function look({ read, fail }) {
  const video = document.createElement("video"); // in no page: the detector alone reads it
  [video.muted, video.playsInline] = [true, true];
  let stream = null;
  let again = null;
  let isOver = false;
  const stop = () => {
    isOver = true;
    clearTimeout(again);
    for (const track of stream?.getTracks() ?? []) track.stop();
    video.srcObject = null;
  };
  const begin = async () => {
    const picture = { facingMode: "user" }; // whoever stands before the tablet holds it up
    stream = await navigator.mediaDevices.getUserMedia({ video: picture });
    if (isOver) return stop();
    const detector = new BarcodeDetector({ formats: ["qr_code"] });
    const see = async () => {
      const [found] = await detector.detect(video).catch(() => []);
      if (isOver) return;
      if (!found?.rawValue) again = setTimeout(see, LOOK_EVERY_MS);
      else {
        stop();
        read(found.rawValue);
      }
    };
    video.srcObject = stream;
    video.play().catch(() => {});
    see();
  };
  begin().catch(() => {
    if (!isOver) fail();
    stop();
  });
  return stop;
}
