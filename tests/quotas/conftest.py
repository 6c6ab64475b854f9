"""Fixtures of quotas."""

from tests.invitations.conftest import chinese, english

__all__ = ["chinese", "english"]
