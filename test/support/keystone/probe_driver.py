"""Asks Keystone's own LDAP identity driver, without a server, what it finds.

Reads the request named by its argument (JSON, see probe-driver.ts) and prints one answer for each configuration.
"""

import json
import sys

import keystone.conf
from keystone.common import driver_hints
from keystone.identity.backends.ldap import core
from oslo_config import cfg


def driver_with(conf_files):
    """A driver that has read these files only, which is how Keystone loads one for a domain."""
    conf = cfg.ConfigOpts()
    keystone.conf.configure(conf=conf)
    conf(args=[], project="keystone", default_config_files=conf_files, default_config_dirs=[])
    return core.Identity(conf)


def attempt(call):
    """What the call gives, or why it fails: with the driver, both are answers."""
    try:
        return call()
    except Exception as error:
        return {"error": type(error).__name__, "message": str(error)}


def ids(call):
    return attempt(lambda: sorted(ref["id"] for ref in call()))


def hints():
    return driver_hints.Hints()


def log_in(driver, name, password):
    """The id of the user whose password it is."""
    user = driver.get_user_by_name(name, "default")
    return driver.authenticate(user["id"], password)["id"]


def answer(conf_files, logins):
    driver = driver_with(conf_files)
    users = driver.list_users(hints())
    groups = driver.list_groups(hints())
    return {
        "users": users,
        "groups": groups,
        "groupsOf": {u["id"]: ids(lambda: driver.list_groups_for_user(u["id"], hints())) for u in users},
        "usersOf": {g["id"]: ids(lambda: driver.list_users_in_group(g["id"], hints())) for g in groups},
        "logins": [attempt(lambda: log_in(driver, name, password)) for name, password in logins],
    }


def main(path):
    with open(path, encoding="utf-8") as file:
        request = json.load(file)
    keystone.conf.configure()
    json.dump([attempt(lambda: answer(files, request["logins"])) for files in request["confFiles"]], sys.stdout)


main(sys.argv[1])
