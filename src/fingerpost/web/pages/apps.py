from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class PagesConfig(AppConfig):
    name = "fingerpost.web.pages"
    label = "pages"

    def ready(self) -> None:
        from fingerpost.web.pages import checks  # noqa: F401 - registers the system checks

        # Surfaces lie above this package, so they are found by name and never imported from here.
        autodiscover_modules("navigation")
