"""Answers questions over HTTP with Keystone's own application on SQLite, each case in a process of its own.

Reads one request on each line of its input (JSON, see keystone-application.ts) and prints one line for each. What libldap and
Keystone keep for a whole process (TLS settings, pools of connections, drivers of domains) thus begins anew with each case.
"""

import gc
import glob
import json
import logging
import os
import shutil
import sys
import traceback
import warnings

warnings.filterwarnings("ignore")

import flask
import sqlalchemy
import keystone.common.rbac_enforcer.enforcer as enforcer
import keystone.server
import keystone.server.backends
import keystone.server.wsgi
import keystone.conf
from keystone import exception
from keystone.common import provider_api, sql

PROVIDERS = provider_api.ProviderAPIs
PROJECT = "a" * 32
# The id of a role of the database, which is asked for before any `list_limit` counts.
ROLE = None


def application(request):
    os.environ["OS_KEYSTONE_CONFIG_FILES"] = ";".join(request["files"])
    sys.argv = ["keystone", "--config-dir", request["emptyDir"]]
    return keystone.server.wsgi.initialize_public_application()


def prepare(request):
    """Fills the database that each case gets a copy of, and loads what each case would have to load."""
    client = application(request).test_client()
    for domain in request["domains"]:
        PROVIDERS.resource_api.create_domain(domain["id"], {**domain, "enabled": True})
    project = {"id": PROJECT, "name": "twin", "domain_id": "default", "enabled": True}
    PROVIDERS.resource_api.create_project(PROJECT, project)
    mind_lengths()
    global ROLE
    ROLE = PROVIDERS.role_api.list_roles()[0]["id"]
    login(client, {"domain": "default", **request["administrator"]})
    forget()


def mind_lengths():
    """SQLite takes texts of any length; here it refuses what MariaDB and PostgreSQL refuse."""
    with sql.session_for_write() as session:
        for table in sql.ModelBase.metadata.tables.values():
            for column in table.columns:
                length = getattr(column.type, "length", None)
                if length is None:
                    continue
                session.execute(
                    sqlalchemy.text(
                        f'CREATE TRIGGER IF NOT EXISTS "long_{table.name}_{column.name}" BEFORE INSERT ON "{table.name}" '
                        f'WHEN length(NEW."{column.name}") > {length} '
                        f"BEGIN SELECT RAISE(ABORT, 'Data too long for column {column.name}'); END"
                    )
                )


def forget():
    """No driver has asked for LDAP yet, so that libldap has nothing to forget."""
    PROVIDERS._clear_registry_instances()
    sql.cleanup()
    keystone.conf.CONF.clear()


def log_in(client, question, scope=None):
    user = {"name": question["name"], "domain": {"id": question["domain"]}, "password": question["password"]}
    auth = {"identity": {"methods": ["password"], "password": {"user": user}}}
    if scope is not None:
        auth["scope"] = {"project": {"id": scope}}
    return client.post("/v3/auth/tokens", json={"auth": auth})


def login(client, question):
    """The HTTP status without a project, with one, and of a look at the token; and the id that is shown."""
    first = log_in(client, question)
    if first.status_code != 201:
        return {"status": first.status_code}
    user_id = first.json["token"]["user"]["id"]
    try:
        PROVIDERS.assignment_api.add_role_to_user_and_project(user_id, PROJECT, ROLE)
    except exception.Conflict:
        pass  # This user was here before.
    token = first.headers["X-Subject-Token"]
    look = client.get("/v3/auth/tokens", headers={"X-Auth-Token": token, "X-Subject-Token": token})
    scoped = log_in(client, question, PROJECT)
    return {"status": 201, "id": user_id, "scoped": scoped.status_code, "look": look.status_code}


def listing(client, question):
    kind = question["kind"]
    answer = client.get(f"/v3/{kind}?domain_id={question['domain']}")
    if answer.status_code != 200:
        return {"status": answer.status_code}
    shown = [{key: one.get(key, "") for key in ("id", "name")} for one in answer.json[kind]]
    if kind == "users":
        # It is what the directory has, or absent, and counts by its truth.
        for line, one in zip(shown, answer.json[kind]):
            line["enabled"] = bool(one.get("enabled", True))
    return {"status": 200, "list": shown, "truncated": answer.json.get("truncated", False)}


def allow_everybody():
    """Who may list is not what is asked here."""

    def allow(*args, **kwargs):
        setattr(flask.g, enforcer._ENFORCEMENT_CHECK_ATTR, True)

    enforcer.RBACEnforcer.enforce_call = allow


class LastError(logging.Handler):
    """What Keystone tells its log only."""

    def __init__(self):
        super().__init__(logging.WARNING)
        self.text = ""

    def emit(self, record):
        error = record.exc_info[1] if record.exc_info else record.getMessage()
        self.text = f"{type(error).__name__}: {error}"[:300]


def answer(request):
    # A journal that an earlier case left would be rolled back into the new file.
    for leftover in glob.glob(glob.escape(request["database"]) + "*"):
        os.unlink(leftover)
    shutil.copyfile(request["base"], request["database"])
    try:
        app = application(request)
    except BaseException as error:
        return {"start": {"fault": f"{type(error).__name__}: {error}"[:300]}}
    last = LastError()
    logging.getLogger().addHandler(last)
    client = app.test_client()
    answers = []
    for question in request["questions"]:
        last.text = ""
        try:
            found = (login if question["kind"] == "login" else listing)(client, question)
        except Exception as error:
            # Flask passes on what Keystone does not catch, and a web server makes HTTP 500 of it.
            found = {"status": 500}
            last.text = f"{type(error).__name__}: {error}"[:300]
        answers.append({**found, "why": last.text})
    return {"start": "yes", "answers": answers}


def in_a_process_of_its_own(request):
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        try:
            result = answer(request)
        except BaseException:
            result = {"broken": traceback.format_exc()}
        with os.fdopen(writer, "w") as pipe:
            json.dump(result, pipe)
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as pipe:
        text = pipe.read()
    os.waitpid(child, 0)
    return text


def main():
    allow_everybody()
    prepare(json.loads(sys.stdin.readline()))
    # A child that collects garbage copies all memory.
    gc.disable()
    for line in sys.stdin:
        print(in_a_process_of_its_own(json.loads(line)), flush=True)


main()
