"""Who reaches the routes of schools."""

TABLE = {
    "/klas/aanmelden": ("/klas/aanmelden", "200 200 200 200 200 200 200 200 200 302 302"),
}
