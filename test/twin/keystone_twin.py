"""Answers questions about LDAP with Keystone's own identity driver, for one case after the other.

Reads one request on each line of its input (JSON, see keystone-twin.ts) and prints one line for each. What it prints
for a call is its result, or {"fault": ...}: with the driver, both are answers.
"""

import json
import logging
import sys
import time
import types
import warnings

warnings.filterwarnings("ignore")

import flask
import ldap
import ldappool
import keystone.conf
import keystone.conf.identity
import keystone.conf.ldap
from keystone import exception
from keystone.common import driver_hints, manager
from keystone.identity.backends.ldap import common
from oslo_config import cfg

APP = flask.Flask("twin")


def attempt(call):
    try:
        return call()
    except Exception as error:
        return {"fault": f"{type(error).__name__}: {error}"[:300]}


def forget_the_last_case():
    """python-ldap and Keystone keep these for a whole process, and a real one reads one configuration only."""
    common.PooledLDAPHandler.connection_pools.clear()
    ldap.set_option(ldap.OPT_NETWORK_TIMEOUT, None)
    ldap.set_option(ldap.OPT_DEBUG_LEVEL, 0)


def driver_with(conf_file):
    conf = cfg.ConfigOpts()
    keystone.conf.ldap.register_opts(conf)
    keystone.conf.identity.register_opts(conf)
    conf(args=[], project="keystone", default_config_files=[conf_file], default_config_dirs=[])
    return manager.load_driver("keystone.identity", conf.identity.driver or "sql", conf)


def hints():
    return driver_hints.Hints()


def enabled(user):
    """Who has no such key is enabled to Keystone (keystone.auth)."""
    value = user.get("enabled", True)
    return bool(value) if isinstance(value, int) else f"{type(value).__name__} {value}"


def log_in(driver, name, password):
    """What comes of it: in, or refused, which is HTTP 401."""
    try:
        user = driver.get_user_by_name(name, "default")
    except exception.UserNotFound:
        return "refused"
    if not user.get("enabled", True):
        return "refused"
    try:
        driver.authenticate(user["id"], password)
    except AssertionError:
        return "refused"
    # For the roles in a project, Keystone asks for the groups of the user.
    driver.list_groups_for_user(user["id"], hints())
    return "in"


def usual_login(driver, name, password):
    """That of a Keystone which has let people in before: its pools of connections are in use."""
    first = attempt(lambda: log_in(driver, name, password))
    return first if first == "refused" else attempt(lambda: log_in(driver, name, password))


def answer(request):
    forget_the_last_case()
    driver = attempt(lambda: driver_with(request["conf"]))
    if isinstance(driver, dict):
        return {"start": driver}
    users = attempt(
        lambda: [
            {"id": user["id"], "name": user.get("name", ""), "enabled": enabled(user)}
            for user in driver.list_users(hints())
        ]
    )
    groups = attempt(
        lambda: [{"id": group["id"], "name": group.get("name", "")} for group in driver.list_groups(hints())]
    )
    ids = lambda found: [] if isinstance(found, dict) else [one["id"] for one in found]
    ids_of = lambda call: attempt(lambda: [one["id"] for one in call()])
    return {
        "start": "yes",
        "users": users,
        "groups": groups,
        "members": {one: ids_of(lambda: driver.list_users_in_group(one, hints())) for one in ids(groups)},
        "groupsOf": {one: ids_of(lambda: driver.list_groups_for_user(one, hints())) for one in ids(users)},
        "logins": [usual_login(driver, name, password) for name, password in request["logins"]],
    }


def no_wait(seconds):
    """The wait between two tries changes no answer, but what is no time to wait does."""
    if seconds < 0:
        raise ValueError(seconds)


def main():
    logging.disable(logging.CRITICAL)
    ldappool.time = types.SimpleNamespace(time=time.time, sleep=no_wait)
    keystone.conf.configure()
    keystone.conf.CONF([], project="keystone", default_config_files=[], default_config_dirs=[])
    with APP.test_request_context():
        for line in sys.stdin:
            print(json.dumps(answer(json.loads(line))), flush=True)


main()
