"""Write the documents: `python -m apis`."""

from apis.document import FILES, text_of

for service, file in FILES.items():
    file.write_text(text_of(service), encoding="utf-8")
    print(file)
