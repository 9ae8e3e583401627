"""Prints the name and the SHA-256 of each tensor of a safetensors file."""
import hashlib, json, sys

data = open(sys.argv[1], "rb").read()
size = int.from_bytes(data[:8], "little")
for name, tensor in sorted(json.loads(data[8 : 8 + size]).items()):
    if name != "__metadata__":
        begin, end = tensor["data_offsets"]
        print(name, hashlib.sha256(data[8 + size + begin : 8 + size + end]).hexdigest())
