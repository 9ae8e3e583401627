"""Hold schema.json against the cases of mistakes.txt: what Go reads without a mistake the schema must accept, and most
of the rest it must refuse. Prints where both differ. Run by hand; needs jsonschema and PyYAML.

    python3 schema_check.py
"""
import json, pathlib, re
import jsonschema, yaml

here = pathlib.Path(__file__).parent
schema = json.loads((here / "schema.json").read_text())
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema)

class Loader(yaml.SafeLoader):
    """YAML 1.2's truth values and numbers."""

Loader.yaml_implicit_resolvers = {k: [r for r in v if r[0] not in ("tag:yaml.org,2002:bool", "tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:float")] for k, v in yaml.SafeLoader.yaml_implicit_resolvers.items()}
Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(true|True|TRUE|false|False|FALSE)$"), list("tTfF"))
Loader.add_implicit_resolver("tag:yaml.org,2002:float", re.compile(r"^([-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.inf|\.nan)$"), list("-+.0123456789"))

agree = differ = 0
for block in ("\n" + (here / "mistakes.txt").read_text()).split("\n=== ")[1:]:
    head, _, want = block.partition("\n>>>\n")
    name, _, text = head.partition("\n")
    if "+++ " in text or text == "":
        continue
    try:
        value = yaml.load(text.replace("→", "\t"), Loader)
    except (yaml.YAMLError, ValueError) as e:
        continue
    accepted, valid = want.strip() == "", validator.is_valid(value)
    if accepted == valid:
        agree += 1
    else:
        differ += 1
        print(f"{name}: Go {'accepts' if accepted else 'refuses'}, the schema {'accepts' if valid else 'refuses'} {value}\n\t{want.strip()}")
print(agree, "agree,", differ, "differ")
