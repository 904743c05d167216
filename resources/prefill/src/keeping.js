// What stays on the phone: nothing, unless the person agreed; then for seven days.

const PLACE = "kakanai.kept";
const DAYS = 7;

/** {form, version, filling, until} or null; what is too old is erased by looking. */
export function kept(now) {
  try {
    const found = JSON.parse(localStorage.getItem(PLACE));
    if (found && found.until > now.getTime()) return found;
    erase();
  } catch {
    erase(); // not ours, or no storage at all
  }
  return null;
}

export function keep(form, filling, now) {
  const until = now.getTime() + DAYS * 86_400_000;
  try {
    localStorage.setItem(
      PLACE,
      JSON.stringify({ form: form.id, version: form.version, filling, until }),
    );
  } catch {
    // A full or forbidden storage: the answers simply are not kept.
  }
}

export function erase() {
  try {
    localStorage.removeItem(PLACE);
  } catch {
    // No storage: nothing was kept.
  }
}
