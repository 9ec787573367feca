"""What all parts of the report have in common."""

from pydantic import BaseModel, ConfigDict


class Part(BaseModel):
    """A part of the report: what stands below a field is its description in the published schema."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True, allow_inf_nan=False)
