"""Many certificates in a row, each with other hard names: resident bytes after some, after all."""

import sys

from printing.certificates.press import CertificatePress
from printing.letters.glyphs import find_fonts
from tests.bench.papers.sample import certificates
from tests.bench.windows import resident

if __name__ == "__main__":
    warm_up, count = map(int, sys.argv[1:])
    press = CertificatePress(find_fonts())
    for number, certificate in enumerate(certificates(count), 1):
        press.render(certificate)
        if number in (warm_up, count):
            print(resident(), flush=True)
