from updates.rehearsal.settings import *  # noqa: F403 – all of them but one

ROOT_URLCONF = "tests.rehearsal.broken"
