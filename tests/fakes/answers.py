"""What a resident answers who orders a 住民票の写し."""

ANSWERS = {
    "phone": "09012345678",
    "kind": "household",
    "relationship": True,
    "domicile": False,
    "copies": 2,
    "purpose": "licence",
}
