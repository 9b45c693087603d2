"""Writes keys.json and the seeds of the target `engines` from the test vectors: one valid token for each key and algorithm,
and for each kind of made-up case a few bytes. Run in this directory."""

import base64
import hashlib
import json
import pathlib

ALGORITHMS = ["ES384", "RS256", "ES256", "ES512", "PS256", "RS384", "RS512", "PS384", "PS512", "EdDSA"]
VECTORS = json.loads(pathlib.Path("../tests/vectors/vectors.json").read_text())
SEEDS = pathlib.Path("seeds/engines")


def decode(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


keys = {}
for key_set in VECTORS["keySets"].values():
    for key in key_set["keys"]:
        keys.setdefault(key["kid"], {name: key[name] for name in ("kty", "crv", "x", "y", "n", "e") if name in key})
lines = (json.dumps(key, separators=(",", ":")) for key in keys.values())
pathlib.Path("keys.json").write_text("[\n" + ",\n".join(lines) + "\n]\n")

SEEDS.mkdir(parents=True, exist_ok=True)


def write(seed):
    (SEEDS / hashlib.sha1(seed).hexdigest()).write_bytes(seed)


seen = set()
for case in VECTORS["cases"]:
    if "code" in case["expect"] or case.get("token", "").count(".") != 2:
        continue
    head, payload, signature = case["token"].split(".")
    header = json.loads(decode(head))
    if header.get("kid") not in keys or header["alg"] not in ALGORITHMS or (header["kid"], header["alg"]) in seen:
        continue
    seen.add((header["kid"], header["alg"]))
    at = list(keys).index(header["kid"])
    signature = decode(signature)
    start = bytes([0, at, ALGORITHMS.index(header["alg"])]) + len(signature).to_bytes(2) + signature
    for changes in (bytes(8), bytes([13, 5, 0, 0, 0, 0, 0, 0])):
        write(start + changes + f"{head}.{payload}".encode())

for kind in range(1, 8):
    for how in range(0, 32, 1 if kind in (2, 3, 4) else 4):
        noise = b"".join(hashlib.sha256(bytes([kind, how, i])).digest() for i in range(4))
        write(bytes([kind, 5]) + b"hello" + bytes([how]) + noise)
print(len(seen), "tokens,", len(list(SEEDS.iterdir())), "seeds")
