from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fingerpost.web.config.settings.production")
application = get_wsgi_application()

from fingerpost.web.config.doctor import refuse_unsafe_start  # noqa: E402 - needs the apps

refuse_unsafe_start()  # also where another server than ours was started
