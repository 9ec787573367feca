"""A fleet of gateways that share what they see. Each decides for itself, and goes on alone when it hears nothing.

    guard's events, own state ──> SharedCircuit ──> Fleet ──> Member's thread ──> channel (Redis)
    breaker.open_early, plan_probe <── SharedCircuit <── Fleet <── what others said, with its age

No request ever waits for it, and the package for Redis is needed only where CIRCUIT_SHARE_URL is set.
"""
