"""Has PyYAML read settings that were written for ejabberd, and prints the strings in each, in hexadecimal, in their order.

    python3 read_settings.py FILE...
"""

import sys

import yaml


def strings(node):
    if isinstance(node, yaml.MappingNode):
        node.value = [part for pair in node.value for part in pair]
    if isinstance(node, yaml.ScalarNode):
        return [node.value] if node.style else []
    return [string for part in node.value for string in strings(part)]


for file in sys.argv[1:]:
    with open(file) as opened:
        said = strings(yaml.compose(opened, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)))
    print(*("x" + string.encode().hex() for string in said))
