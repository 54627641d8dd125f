"""The pages, as WSGI for granian."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "leitai.config.settings")

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
