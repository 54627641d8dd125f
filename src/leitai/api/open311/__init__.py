"""Open311 GeoReport v2: what existing civic apps speak to report a problem and to follow it, in JSON and XML.

Source: the GeoReport v2 specification (wiki.open311.org/GeoReport_v2), frozen. A place is a jurisdiction by its key, a
kind of case with the door `open311` is a service, a case is a service request. Anyone may read, and sees cases of
public kinds alone; reporting asks for a key for `open311:post`.
"""
