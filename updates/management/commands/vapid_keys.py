from django.core.management import BaseCommand

from updates.alerts.keys import new_private_key


class Command(BaseCommand):
    help = "Make a key for alerts (Web Push) and print the settings. A new key makes all subscriptions useless."

    def handle(self, **options: object) -> None:
        self.stdout.write(f"VAPID_PRIVATE_KEY={new_private_key()}")
        self.stdout.write("VAPID_SUBJECT=mailto:newsroom@your.example")
        self.stderr.write("Replace the address by one at which push services can reach you. Keep the key secret.")
