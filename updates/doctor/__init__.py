"""Examines a running installation, from inside and through its public address, and says what to mend."""
