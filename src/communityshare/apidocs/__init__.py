"""The API's own description: the OpenAPI document and a page to read it, without a script from anywhere."""
