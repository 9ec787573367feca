"""The OpenAPI documents of the services: hand-written operations, and schemas from the services' own models.

Each service serves its document as a file of its package (`shopkit.api`), so no image needs this package.
"""
