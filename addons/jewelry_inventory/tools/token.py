"""Tokens of links for people without a login: guessed by nobody, stored by nobody."""

import secrets
from hashlib import sha256

TOKEN_BYTES = 32


def new_token():
    """Return a new token, safe in an address."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def hash_token(token):
    """Return what is stored of a token: all of it is random, so one round of hashing will do."""
    return sha256(token.encode(errors="replace")).hexdigest()
