"""Flask-Security, with the flows in use only: checking and setting passwords.

It reads accounts through a datastore that hands out detached rows and keeps what is to be changed until our verbs write
it (docs/decisions/0001-flask-security.md). Its words are ours, in both languages; it sends no mail, registers no route.
"""

from __future__ import annotations

from typing import Any, cast

from flask import Flask, current_app
from flask_security import Security
from flask_security.password_util import PasswordUtil
from flask_security.utils import hash_password, set_request_attr

from eventsys.accounts.forms import ChangePasswordForm, ResetPasswordForm, SignInForm
from eventsys.accounts.models import Account
from eventsys.accounts.store import RESET_WITHIN, store
from eventsys.core.errors import DomainError
from eventsys.core.language import gettext
from eventsys.core.language import lazy_gettext as _l
from eventsys.web.access import current_actor
from eventsys.web.pages import render_form

SHORTEST = 10

PAGES = {
    "LOGIN_USER": "security/login_user.html",
    "RESET_PASSWORD": "security/reset_password.html",
    "CHANGE_PASSWORD": "security/change_password.html",
}

MESSAGES = {
    "EMAIL_NOT_PROVIDED": _l("Enter your e-mail address."),
    "INVALID_EMAIL_ADDRESS": _l("Enter an e-mail address like name@example.org."),
    "PASSWORD_NOT_PROVIDED": _l("Enter a password."),
    "INVALID_PASSWORD": _l("This is not your present password."),
    "PASSWORD_IS_THE_SAME": _l("The new password must differ from the present one."),
    "RETYPE_PASSWORD_MISMATCH": _l("The two passwords differ. Type the same one twice."),
    "PASSWORD_INVALID_LENGTH": _l("A password has %(length)s to 128 characters."),
    "PASSWORD_TOO_SIMPLE": _l("This password is too easy to guess. Use several words."),
    "API_ERROR": _l("This could not be read. Type it again."),
    "DISABLED_ACCOUNT": _l("This account is closed."),
    "USER_DOES_NOT_EXIST": _l("No account has this address."),
}


class Passwords(PasswordUtil):
    """What a password must be: long enough, not one sign over and over, not the address it belongs to."""

    def validate(self, password: str, is_register: bool, **about: Any) -> tuple[list[str] | None, str]:
        refusals, normal = super().validate(password, is_register, **about)
        email = getattr(about.get("user"), "email", "") or ""
        local = email.partition("@")[0].lower()
        if not refusals and (len(set(normal)) < 5 or (len(local) > 3 and local in normal.lower())):
            refusals = [str(MESSAGES["PASSWORD_TOO_SIMPLE"])]
        return refusals, normal


class OurWords:
    """Flask-Security's catalogue: every text of its that a person can see is one of ours already."""

    def gettext(self, text: object, **variables: object) -> str:
        words = gettext(str(text)) if isinstance(text, str) else str(text)
        return words % variables if variables else words


def install(app: Flask) -> Security:
    """Bind Flask-Security without its routes, its token and its identity look-up on every request."""
    app.config.update(
        SECURITY_PASSWORD_HASH="argon2",  # noqa: S106 - the name of a scheme
        SECURITY_PASSWORD_SCHEMES=["argon2"],
        SECURITY_PASSWORD_SINGLE_HASH={"argon2"},
        SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS={
            "argon2__memory_cost": 19456,
            "argon2__time_cost": 2,
            "argon2__parallelism": 1,
        },
        SECURITY_PASSWORD_LENGTH_MIN=SHORTEST,
        SECURITY_FLASH_MESSAGES=False,
        SECURITY_SEND_PASSWORD_CHANGE_EMAIL=False,
        SECURITY_SEND_PASSWORD_RESET_NOTICE_EMAIL=False,
        SECURITY_RESET_PASSWORD_WITHIN=RESET_WITHIN,
        SECURITY_API_ENABLED_METHODS=["session"],
        SECURITY_POST_LOGIN_VIEW="/workspace/",
        SECURITY_POST_LOGOUT_VIEW="/account/sign-in",
        SECURITY_POST_RESET_VIEW="/account/sign-in",
        SECURITY_POST_CHANGE_VIEW="/account/sign-ins",
        SECURITY_CLI_USERS_NAME=None,
        SECURITY_CLI_ROLES_NAME=None,
        SESSION_PROTECTION=None,
        **{f"SECURITY_{name}_TEMPLATE": path for name, path in PAGES.items()},
        **{f"SECURITY_MSG_{key}": (text, "error") for key, text in MESSAGES.items()},
    )
    security = Security(
        app,
        store,
        register_blueprint=False,
        login_form=SignInForm,
        reset_password_form=ResetPasswordForm,
        change_password_form=ChangePasswordForm,
        password_util_cls=Passwords,
        render_template=_page,
    )
    security.want_json(lambda _request: False)
    security.i18n_domain = cast(Any, OurWords())
    security.principal.identity_loaders.clear()
    security.login_manager.user_loader(_load_user)
    security.login_manager.request_loader(None)
    return security


def _load_user(user_id: str) -> Account | None:
    """Flask-Login's user: whoever our own sign-in says, whatever stands in its part of the cookie."""
    account_id = current_actor().account_id
    if account_id is None:
        return None
    set_request_attr("fs_authn_via", "session")
    return store.find_user(id=account_id)


def _page(template: str, **context: Any) -> Any:
    """Flask-Security's pages, by our templates and with our status codes."""
    form = next(value for name, value in context.items() if name.endswith("_form"))
    return render_form(template, form)


def hashed(password: str, account: Account | None = None) -> str:
    """The password's hash. Slow on purpose: never inside a unit of work. Raises `DomainError` for a weak one."""
    security: Security = current_app.extensions["security"]
    refusals, normal = security.password_util.validate(password, False, user=account)
    if refusals:
        raise DomainError(refusals[0], field="password")
    return str(hash_password(normal))


def inner_token(account: Account) -> str:
    """The account as Flask-Security's own view of setting a password wants to be told it."""
    security: Security = current_app.extensions["security"]
    return str(security.reset_serializer.dumps([account.fs_uniquifier, None]))
