def rate_limit(limit, window_ms, requests):
    """Decide on each request: 0 to accept it, the milliseconds to wait, or -1 for never.

    limit: units each client may spend in one window
    window_ms: the length of the window, in milliseconds
    requests: list of {"at": int, "client": str, "cost": int}, in order of arrival
    """
    return []
