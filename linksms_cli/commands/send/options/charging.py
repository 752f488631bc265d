"""The options of a charge."""

from dataclasses import dataclass
from typing import Annotated

import typer

CHARGE = "Charge"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeOptions:
    """What was typed of a charge to each recipient."""

    tariff: Annotated[
        str | None,
        typer.Option(
            "--tariff",
            metavar="SEK1000",
            help="Charge each recipient; SEK1000 is SEK 10.00.",
            rich_help_panel=CHARGE,
        ),
    ] = None
    vat: Annotated[
        str | None,
        typer.Option(
            "--vat", metavar="25.0", help="VAT on the charge, in percent.", rich_help_panel=CHARGE
        ),
    ] = None
    reference_id: Annotated[
        str | None,
        typer.Option(
            "--reference-id",
            metavar="ID",
            help="Id of the incoming SMS that this charge answers.",
            rich_help_panel=CHARGE,
        ),
    ] = None
    charge_only: Annotated[
        bool,
        typer.Option(
            "--charge-only",
            help="Charge the recipient without sending an SMS.",
            rich_help_panel=CHARGE,
        ),
    ] = False
    confirm_charge: Annotated[
        str | None,
        typer.Option(
            "--confirm-charge",
            metavar="TOTAL",
            help="Exact total that this command may charge, for all recipients together.",
            rich_help_panel=CHARGE,
        ),
    ] = None
