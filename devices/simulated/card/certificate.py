"""X.509 of the test issuers: the same names, policies and uses as the real ones, `JPKI-TEST`."""

from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

from devices import tlv
from devices.simulated.card.person import Holder

_BEGUN = datetime(2024, 1, 1, tzinfo=UTC)
_YEAR = timedelta(days=365)
_UNITS = {"sign": "JPKI for digital signature", "auth": "JPKI for user authentication"}
_BODY = "Japan Agency for Local Authority Information Systems"
_POLICIES = {"sign": "1.2.392.200149.8.5.1.1.20", "auth": "1.2.392.200149.8.5.1.3.30"}
_NAMES = "1.2.392.200149.8.5.5."
# Look-alikes for what JIS X 0208 and 0212 lack; the rest becomes 〓.
_ALIKE = {"髙": "高", "﨑": "崎", "𠮷": "吉", "𣘺": "橋", "𡈽": "土"}
_WIDE = "－～"  # in JIS X 0208, but Python maps its cell to another character
_SELECTORS = (range(0xE0100, 0xE01F0), range(0xFE00, 0xFE10))


def root(use: str, key: RSAPrivateKey) -> x509.Certificate:
    """A self-signed issuer; generations of it would share one name, as the real ones do."""
    return (
        x509.CertificateBuilder()
        .subject_name(_issuer(use))
        .issuer_name(_issuer(use))
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(_BEGUN)
        .not_valid_after(_BEGUN + 20 * _YEAR)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(issue=True), critical=True)
        .sign(key, SHA256())
    )


def leaf(use: str, holder: Holder, public: RSAPublicKey, issuer: RSAPrivateKey) -> x509.Certificate:
    """The holder's certificate; that of `auth` says nothing about the person."""
    ends = _last_moment(holder.certificates_until or holder.expires)
    builder = (
        x509.CertificateBuilder()
        .subject_name(_subject(use, holder))
        .issuer_name(_issuer(use))
        .public_key(public)
        .serial_number(2 * int(holder.serial[-9:]) + (1 if use == "sign" else 2))
        .not_valid_before(min(_BEGUN, ends - 5 * _YEAR))
        .not_valid_after(ends)
        .add_extension(_usage(sign=use == "sign", auth=use == "auth"), critical=True)
        .add_extension(_policy(use), critical=True)
    )
    if use == "sign":
        builder = builder.add_extension(_person(holder), critical=False)
    else:
        extended = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH])
        builder = builder.add_extension(extended, critical=False)
    return builder.sign(issuer, SHA256())


def substituted(text: str) -> tuple[str, str]:
    """The text in the characters a certificate may have, and a 1 for each that was replaced."""
    letters: list[str] = []
    flags: list[str] = []
    for one in text:
        if any(ord(one) in selectors for selectors in _SELECTORS):
            flags[-1:] = ["1"]
        elif _registered(one):
            letters.append(one)
            flags.append("0")
        else:
            letters.append(_ALIKE.get(one, "〓"))
            flags.append("1")
    return "".join(letters), "".join(flags)


def _registered(letter: str) -> bool:
    if letter in _WIDE:
        return True
    try:
        letter.encode("euc_jp")  # ASCII, JIS X 0208 and JIS X 0212
    except UnicodeEncodeError:
        return False
    return True


def _person(holder: Holder) -> x509.SubjectAlternativeName:
    """The four attributes, in the order of real cards."""
    name, name_flags = substituted(holder.name)
    address, address_flags = substituted(holder.address)
    told = {
        "1": name,
        "4": f"{holder.era}{holder.birth:%Y%m%d}",
        "3": holder.sex,
        "5": address,
        "2": name_flags,
        "6": address_flags,
    }
    return x509.SubjectAlternativeName(
        [
            x509.OtherName(ObjectIdentifier(_NAMES + item), tlv.encode(0x0C, value.encode("utf-8")))
            for item, value in told.items()
        ]
    )


def _issuer(use: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "JP"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "JPKI-TEST"),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, _UNITS[use]),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, _BODY),
        ]
    )


def _subject(use: str, holder: Holder) -> x509.Name:
    code = sha256(f"{use}{holder.serial}".encode()).hexdigest()[:22].upper()
    parts = [x509.NameAttribute(NameOID.COUNTRY_NAME, "JP")]
    if use == "sign":
        parts += [
            x509.NameAttribute(NameOID.LOCALITY_NAME, place)
            for place in ("Kakanai-ken", "Shoso-shi")
        ]
    return x509.Name([*parts, x509.NameAttribute(NameOID.COMMON_NAME, code)])


def _policy(use: str) -> x509.CertificatePolicies:
    return x509.CertificatePolicies(
        [x509.PolicyInformation(ObjectIdentifier(_POLICIES[use]), None)]
    )


def _usage(*, sign: bool = False, auth: bool = False, issue: bool = False) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=auth or sign,
        content_commitment=sign,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=issue,
        crl_sign=issue,
        encipher_only=False,
        decipher_only=False,
    )


def _last_moment(day: date) -> datetime:
    """The last second of the day in Japan."""
    return datetime.combine(day, time(14, 59, 59), tzinfo=UTC)
