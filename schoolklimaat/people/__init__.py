"""The adults who sign in: account, password, session."""
