"""The sandbox's settings."""

from pydantic import Field
from pydantic_settings import BaseSettings

from model.common.settings import Settings


class SandboxSettings(BaseSettings):
    """The sandbox's settings, from the environment or `.env`."""

    model_config = Settings.model_config

    sandbox_port: int = Field(default=8081, ge=0, le=65_535)
