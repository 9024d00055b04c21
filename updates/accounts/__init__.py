"""Accounts: limits on sign-ins, sessions, the second factor, and accounts that are shut."""
