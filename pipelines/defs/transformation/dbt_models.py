"""The dbt component, with seeds put after the registry.

Belongs here: how dbt nodes become assets. Does not belong here: any model.
"""

from collections.abc import Mapping
from typing import Any

import dagster as dg
from dagster_dbt import DbtProject, DbtProjectComponent

AFTER = dg.AssetKey(["registry", "units"])


class DbtModelsComponent(DbtProjectComponent):
    """dbt's nodes as assets.

    A seed that waits for nothing would be a run of dbt of its own, before the registry stands: Dagster cuts the project at
    the scoring asset, and each part starts dbt once more.
    """

    def get_asset_spec(self, manifest: Mapping[str, Any], unique_id: str, project: DbtProject | None) -> dg.AssetSpec:
        """Describe one node; seeds wait for the registry."""
        spec = super().get_asset_spec(manifest, unique_id, project)
        return spec.merge_attributes(deps=[AFTER]) if unique_id.startswith("seed.") else spec
