"""Forms of arguments that the programs of the image take."""

import argparse
import re

NAME = re.compile(r'[A-Za-z0-9]([-._A-Za-z0-9]{0,251}[A-Za-z0-9])?')


def matching(pattern, what):
    def check(text):
        if not re.fullmatch(pattern, text):
            raise argparse.ArgumentTypeError(f'must be {what}')
        return text

    return check
