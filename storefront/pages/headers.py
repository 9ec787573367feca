"""Security headers: a browser may show a page with its own style and follow its links, nothing else."""

from storefront.pages.style import SOURCE

POLICY = {
    "default-src": "'none'",
    "style-src": SOURCE,
    "img-src": "data:",  # the icon in the tab
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
}
HEADERS = {
    "Content-Security-Policy": "; ".join(f"{directive} {sources}" for directive, sources in POLICY.items()),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",  # going back asks the gateway again, because the bar describes one request
}
