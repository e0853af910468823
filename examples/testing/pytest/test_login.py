import os

import ldap
import pytest


def bind(password):
    connection = ldap.initialize(os.environ["KEYSTONE_LDAP_URI"])
    connection.simple_bind_s(f"cn=alice,ou=Users,{os.environ['KEYSTONE_LDAP_SUFFIX']}", password)


def test_alice_can_log_in():
    bind("secrete")
    with pytest.raises(ldap.INVALID_CREDENTIALS):
        bind("wrong")
