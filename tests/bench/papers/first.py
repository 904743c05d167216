"""The first certificate of a fresh process, from the first import to its bytes: milliseconds."""

import time

BEGUN = time.perf_counter()

import pickle  # noqa: E402
import sys  # noqa: E402

from printing.certificates.press import CertificatePress  # noqa: E402
from printing.letters.glyphs import find_fonts  # noqa: E402

if __name__ == "__main__":
    certificate = pickle.load(sys.stdin.buffer)  # noqa: S301 (what the bench has made)
    pdf = CertificatePress(find_fonts()).render(certificate)
    print((time.perf_counter() - BEGUN) * 1000, len(pdf))
