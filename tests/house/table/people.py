"""Who reaches the routes of people."""

TABLE = {
    "/aanmelden": ("/aanmelden", "200 302 302 302 302 302 302 302 302 302 302"),
    "POST /afmelden": ("/afmelden", "302 " * 10 + "302"),
}
