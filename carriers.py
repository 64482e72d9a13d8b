"""The phone book of `textmyself`: which e-mail address reaches which carrier's phones, which mail
server takes which mailbox's mail, and what to know of mail relays and push services.

Nothing here is needed to text by Twilio, nor when MY_GATEWAY and SMTP_HOST are spelled out.

A carrier opens a gateway quietly and closes it loudly, or the other way round, so each row holds
its own papers: the day it was last looked up and the source. **To add or mend a carrier, edit one
line of GATEWAYS** and name your source; `tests/test_carriers.py` checks the line. Rows are in the
order of their names, letters and digits only. A source is an address without its `https://`; one
that several rows share, or that is very long, is a constant above the table.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple
from unicodedata import normalize

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

__all__ = [
    "GATEWAYS",
    "MAIL_SERVERS",
    "PUSH",
    "RELAYS",
    "STATUSES",
    "find_closed_domain",
    "find_gateway",
    "find_last_day",
    "find_mail_server",
    "find_push",
    "find_relay",
    "find_route",
    "is_guessable_topic",
    "list_gateways",
]

# What a gateway can be, the best first.
STATUSES = ["open", "closing", "unverified", "closed"]


class Gateway(NamedTuple):
    """A carrier's e-mail gateway: mail to ten digits @ its domain arrives as a text."""

    # what a user may call it, parted by ` | `; the first is how we call it
    names: str
    # two letters, ISO 3166-1
    country: str
    # the domain for short texts; empty where there is none, or it is known not to work
    sms: str
    # the domain for pictures and long texts; empty likewise
    mms: str
    # ISO date: past, it is closed; to come, it is closing; `?`: closed, day unknown
    last_day: str
    # which of `sms` and `mms` were shown to deliver since 2025; the rest is unverified
    works: str
    # ISO date on which this row was last looked up
    checked: str
    # what else its user should know, as half a sentence
    advice: str
    # who says so
    source: str

    @property
    def name(self) -> str:
        return self.names.split(" | ")[0]

    def is_closed(self, today: date) -> bool:
        return self.last_day == "?" or "" < self.last_day < today.isoformat()

    def status(self, kind: str, today: date) -> str:
        """Return which of STATUSES its gateway of the `kind` 'sms' or 'mms' is in."""
        if self.is_closed(today):
            return "closed"
        if kind not in self.works.split():
            return "unverified"
        return "closing" if self.last_day else "open"

    def statuses(self, today: date) -> dict[str, str]:
        """Return the status of each gateway that it has, by kind."""
        return {kind: self.status(kind, today) for kind in ("sms", "mms") if getattr(self, kind)}

    def best_status(self, today: date) -> str:
        """Return the status of the gateway that works best."""
        return min(self.statuses(today).values(), key=STATUSES.index)

    def day(self) -> str:
        """Return ' on' or ' by about' and its last day, or nothing if that is not known.

        A day that was yet to come when the row was looked up is only what the carrier expected.
        """
        if self.last_day in ("", "?"):
            return ""
        return f" {'by about' if self.last_day > self.checked else 'on'} {self.last_day}"


# Characters that every SMS gateway takes (Verizon cuts at 130 to 140).
SMS_LIMIT = 140
# Characters by MMS: no carrier publishes a limit; as much as Twilio takes in a message.
MMS_LIMIT = 1600


class Route(NamedTuple):
    """How a message gets through a gateway."""

    domain: str
    # characters in a text, at most
    limit: int
    pictures: bool
    # a sentence for the user if nobody has shown lately that it works; else empty
    note: str
    # ISO date by about which the carrier means to close it; empty: it has announced none
    closes: str


# Sources of the gateways.
ATT = "att.com/support/article/wireless/KM1061254"
BELL = "github.com/mfitzp/List_of_SMS_gateways/issues/26"
CUBICLESOFT = "github.com/cubiclesoft/email_sms_mms_gateways"
FRANCOSE = "github.com/francose/sms_gateway_poc"
MFITZP = "github.com/mfitzp/List_of_SMS_gateways"
PRICE_TEXTS = "github.com/judy-huynh/price-texts"
REPUBLIC = "satellitetoday.com/5g/2021/03/08/dish-network-buys-another-mobile-network-operator-republic-wireless"
ROGERS = (
    "communityforums.rogers.com/t5/Account-Support/Email-to-SMS-service-discontinued/td-p/510696"
)
TEXTBELT = "github.com/typpo/textbelt"
UNDATED = "a public list, undated"
VERIZON = "verizon.com/support/vtext-vzwpix-shutdown"
VIRGIN = "commsupdate.com/articles/2020/01/08/sprint-to-shut-down-virgin-mobile-transfer-subscribers-to-boost"
VUFIND = "github.com/vufind-org/vufind/pull/4327"

# fmt: off
GATEWAYS = [
    #       names, country, sms, mms, last day, works, checked, advice, source
    Gateway("Aircel", "IN", "aircel.co.in", "", "?", "", "2026-11-20", "", MFITZP),
    Gateway("Airtel India | airtel | bharti airtel", "IN", "airtelmail.com", "", "?", "", "2026-11-20", "", MFITZP),
    Gateway("Alaska Communications | acs | acs alaska | alaska communications systems", "US", "msg.acsalaska.com", "", "", "", "2026-11-20", "", MFITZP),
    Gateway("Alltel | alltel wireless | allied wireless", "US", "message.alltel.com", "mms.alltel.com", "?", "", "2026-11-20", "", VUFIND),
    Gateway("Appalachian Wireless | appalachian", "US", "awsms.com", "", "", "", "2026-11-20", "", UNDATED),
    Gateway("Assurance Wireless | assurance", "US", "vmobl.com", "", "?", "", "2026-11-20", "T-Mobile runs the brand: try MY_CARRIER=T-Mobile", MFITZP),
    Gateway("AT&T | at and t | at&t wireless | at&t mobility | att prepaid", "US", "txt.att.net", "mms.att.net", "2025-06-17", "", "2026-11-20", "", ATT),
    Gateway("Bell Mobility | bell | bell canada | bell mts | solo | solo mobile", "CA", "txt.bell.ca", "", "2025-12-31", "", "2026-11-20", "", BELL),
    Gateway("Bluegrass Cellular | bluegrass", "US", "sms.bluecell.com", "mms.myblueworks.com", "", "", "2026-11-20", "", MFITZP),
    Gateway("Boost Mobile | boost | boost infinite", "US", "sms.myboostmobile.com", "myboostmobile.com", "?", "", "2026-11-20", "", MFITZP),
    Gateway("Bouygues Telecom | bouygues", "FR", "", "mms.bouyguestelecom.fr", "?", "", "2026-11-20", "", MFITZP),
    Gateway("Carolina West Wireless | carolina west | cww", "US", "cwwsms.com", "", "", "", "2026-11-20", "", "github.com/cubiclesoft/email_sms_mms_gateways/pull/11"),
    Gateway("Cellcom | cellcom wisconsin | nsight", "US", "cellcom.quiktxt.com", "", "", "", "2026-11-20", "", MFITZP),
    Gateway("Cellular One | cellone | cellular one of ne arizona", "US", "mobile.celloneusa.com", "", "", "", "2026-11-20", "", TEXTBELT),
    Gateway("Chariton Valley Wireless | chariton valley", "US", "sms.cvalley.net", "", "", "", "2026-11-20", "", MFITZP),
    Gateway("Chat Mobility | chat", "US", "mail.msgsender.com", "", "", "", "2026-11-20", "", MFITZP),
    Gateway("chatr | chatr mobile | chatr wireless", "CA", "pcs.rogers.com", "", "2023-07-01", "", "2026-11-20", "", ROGERS),
    Gateway("Cincinnati Bell Wireless | cincinnati bell", "US", "gocbw.com", "mms.gocbw.com", "?", "", "2026-11-20", "", MFITZP),
    Gateway("Cingular | cingularme | mobile.mycingular.com", "US", "cingularme.com", "", "2025-06-17", "", "2026-11-20", "", ATT),
    Gateway("Claro Brasil | claro br | claro brazil", "BR", "clarotorpedo.com.br", "", "?", "", "2026-11-20", "", MFITZP),
    Gateway("Consumer Cellular", "US", "mailmymobile.net", "", "", "", "2026-11-20", "", "github.com/cubiclesoft/email_sms_mms_gateways/pull/10"),
    Gateway("Cricket Wireless | cricket", "US", "", "mms.cricketwireless.net", "", "", "2026-11-20", "its SMS gateway is closed and AT&T, its owner, closed its own in 2025", FRANCOSE),
    Gateway("C Spire | cellular south", "US", "cspire1.com", "", "", "", "2026-11-20", "", MFITZP),
    Gateway("Eastlink | eastlink wireless", "CA", "txt.eastlink.ca", "mms.eastlink.ca", "", "", "2026-11-20", "", "gist.github.com/remarkablemark/7af4b784f4782b2decc00f91e4b553e3"),
    Gateway("E-Plus | base", "DE", "smsmail.eplus.de", "", "?", "", "2026-11-20", "", MFITZP),
    Gateway("Fido | fido solutions", "CA", "fido.ca", "", "2023-07-01", "", "2026-11-20", "", ROGERS),
    Gateway("FirstNet | firstnet by at&t", "US", "txt.att.net", "mms.att.net", "2025-06-17", "", "2026-11-20", "", ATT),
    Gateway("Freedom Mobile | freedom | wind | wind mobile", "CA", "txt.freedommobile.ca", "", "2024-12-01", "", "2026-11-25", "", "freedommobile.ca/en-CA/support/about-the-text-to-email-service"),
    Gateway("GCI | general communications inc | gci alaska | gci wireless", "US", "mobile.gci.net", "", "", "", "2026-11-20", "", MFITZP),
    Gateway("Golden State Cellular | golden state", "US", "gscsms.com", "", "", "", "2026-11-20", "", MFITZP),
    Gateway("Google Fi | fi | fi wireless | google fi wireless | project fi | google project fi", "US", "msg.fi.google.com", "msg.fi.google.com", "", "sms mms", "2026-11-25", "safest with English letters only, under 300 of them", "support.google.com/fi/answer/6356597"),
    Gateway("Google Voice | gvoice", "US", "txt.voice.google.com", "", "?", "", "2026-11-20", "a Google Voice number takes no e-mail", "github.com/cubiclesoft/email_sms_mms_gateways/issues/6"),
    Gateway("H2O Wireless | h2o", "US", "txt.att.net", "mms.att.net", "2025-06-17", "", "2026-11-20", "", ATT),
    Gateway("Helio", "US", "myhelio.com", "", "?", "", "2026-11-20", "", MFITZP),
    Gateway("ICE (kölbi) | ice | kolbi", "CR", "sms.ice.cr", "", "?", "", "2026-11-20", "", MFITZP),
    Gateway("Illinois Valley Cellular | ivc | iv cellular", "US", "ivctext.com", "", "", "", "2026-11-20", "", TEXTBELT),
    Gateway("Kajeet", "US", "mobile.kajeet.net", "", "", "", "2026-11-20", "", MFITZP),
    Gateway("Koodo | koodo mobile", "CA", "msg.koodomobile.com", "", "", "", "2026-11-25", "try MY_CARRIER=Telus if nothing arrives", TEXTBELT),
    Gateway("Lively (GreatCall) | greatcall | lively | jitterbug", "US", "vtext.com", "", "2027-03-31", "", "2026-11-20", "", VERIZON),
    Gateway("Lucky Mobile | lucky", "CA", "txt.bell.ca", "", "2025-12-31", "", "2026-11-20", "", BELL),
    Gateway("Lynx Mobility | lynx", "CA", "sms.lynxmobility.com", "", "", "", "2026-11-20", "", MFITZP),
    Gateway("Magenta Telekom (T-Mobile Austria) | t-mobile austria | magenta", "AT", "sms.t-mobile.at", "", "?", "", "2026-11-20", "", MFITZP),
    Gateway("Metro by T-Mobile | metro | metropcs", "US", "mymetropcs.com", "mymetropcs.com", "", "", "2026-11-20", "if nothing arrives, try MY_CARRIER=T-Mobile", MFITZP),
    Gateway("Mint Mobile | mint", "US", "tmomail.net", "tmomail.net", "", "sms", "2026-11-20", "it drops mail from some senders: try another mailbox if nothing arrives", PRICE_TEXTS),
    Gateway("MTS | mts mobility | manitoba telecom", "CA", "text.mts.net", "", "", "", "2026-11-25", "it is a Bell brand, and Bell closed its gateway on 2025-12-31", BELL),
    Gateway("Net10", "US", "txt.att.net", "mms.att.net", "2025-06-17", "", "2026-11-20", "", ATT),
    Gateway("Nex-Tech Wireless | nextech", "US", "sms.ntwls.net", "", "", "", "2026-11-20", "", TEXTBELT),
    Gateway("Nextel | nextel direct connect | sprint nextel", "US", "messaging.nextel.com", "", "?", "", "2026-11-20", "", VUFIND),
    Gateway("NorthernTel | northerntel mobility", "CA", "txt.northerntelmobility.com", "", "", "", "2026-11-25", "it is a Bell brand, and Bell closed its gateway on 2025-12-31", BELL),
    Gateway("nTelos | ntelos wireless", "US", "pcs.ntelos.com", "", "?", "", "2026-11-20", "", MFITZP),
    Gateway("O2 Germany | o2 de | telefonica germany | winsim", "DE", "o2online.de", "", "?", "", "2026-11-20", "", "github.com/mfitzp/List_of_SMS_gateways/issues/9"),
    Gateway("Page Plus | page plus cellular", "US", "vtext.com", "mypixmessages.com", "2027-03-31", "", "2026-11-20", "", VERIZON),
    Gateway("PC Mobile | president's choice | pc telecom | no name mobile", "CA", "mobiletxt.ca", "", "", "", "2026-11-20", "", MFITZP),
    Gateway("Pioneer Cellular | pioneer", "US", "zsend.com", "", "", "", "2026-11-20", "", MFITZP),
    Gateway("Public Mobile", "CA", "msg.telus.com", "", "", "", "2026-11-20", "", "github.com/mfitzp/List_of_SMS_gateways/issues/8"),
    Gateway("PureTalk | pure talk usa", "US", "txt.att.net", "mms.att.net", "2025-06-17", "", "2026-11-20", "", ATT),
    Gateway("Red Pocket | red pocket mobile", "US", "txt.att.net", "mms.att.net", "2025-06-17", "", "2026-11-20", "", ATT),
    Gateway("Republic Wireless | republic", "US", "text.republicwireless.com", "", "", "", "2026-11-20", "DISH bought the brand in 2021: its lines are Boost Mobile lines now", REPUBLIC),
    Gateway("Rogers | rogers wireless", "CA", "pcs.rogers.com", "mms.rogers.com", "2023-07-01", "", "2026-11-20", "", ROGERS),
    Gateway("SaskTel | sasktel mobility", "CA", "sms.sasktel.com", "", "", "", "2026-11-20", "", MFITZP),
    Gateway("Simple Mobile", "US", "smtext.com", "", "", "", "2026-11-20", "", MFITZP),
    Gateway("SLT-Mobitel | mobitel", "LK", "sms.mobitel.lk", "", "?", "", "2026-11-20", "", MFITZP),
    Gateway("Southern Linc", "US", "page.southernlinc.com", "", "", "", "2026-11-20", "", MFITZP),
    Gateway("Spectrum Mobile | spectrum | charter mobile", "US", "vtext.com", "mypixmessages.com", "2027-03-31", "", "2026-11-20", "", VERIZON),
    Gateway("Sprint | sprint pcs | t-mobile (sprint)", "US", "messaging.sprintpcs.com", "pm.sprint.com", "?", "", "2026-11-20", "Sprint lines are now T-Mobile lines: try MY_CARRIER=T-Mobile", VUFIND),
    Gateway("Straight Talk", "US", "vtext.com", "mypixmessages.com", "2027-03-31", "", "2026-11-20", "", VERIZON),
    Gateway("Tbaytel | tbay | tbaytel mobility", "CA", "pcs.rogers.com", "", "2023-07-01", "", "2026-11-20", "", ROGERS),
    Gateway("Télébec", "CA", "txt.telebecmobilite.com", "", "", "", "2026-11-25", "it is a Bell brand, and Bell closed its gateway on 2025-12-31", BELL),
    Gateway("Tello | tello mobile", "US", "tmomail.net", "tmomail.net", "", "", "2026-11-20", "it is on T-Mobile's network", FRANCOSE),
    Gateway("Telus | telus mobility", "CA", "msg.telus.com", "mms.telusmobility.com", "", "sms", "2026-11-20", "leave links out: texts with them are often dropped", "github.com/TLSchofield/mowology-crm"),
    Gateway("Ting Mobile | ting", "US", "message.ting.com", "", "", "", "2026-11-20", "", "github.com/cubiclesoft/email_sms_mms_gateways/pull/13"),
    Gateway("T-Mobile | tmo | t-mobile usa | t-mobile us", "US", "tmomail.net", "tmomail.net", "", "sms", "2026-11-25", "seen to take texts from Gmail only, hours late at times and without emoji", PRICE_TEXTS),
    Gateway("Total Wireless | total | total by verizon", "US", "vtext.com", "mypixmessages.com", "2027-03-31", "", "2026-11-25", "", VERIZON),
    Gateway("Tracfone | tracfone wireless", "US", "", "mmst5.tracfone.com", "", "", "2026-11-20", "", MFITZP),
    Gateway("Ultra Mobile | ultra", "US", "mailmymobile.net", "", "", "", "2026-11-20", "", TEXTBELT),
    Gateway("Union Wireless | union | union telephone", "US", "union-tel.com", "", "", "", "2026-11-20", "", MFITZP),
    Gateway("U.S. Cellular | uscc", "US", "email.uscc.net", "mms.uscc.net", "", "", "2026-11-25", "T-Mobile owns it: a line that has moved there needs MY_CARRIER=T-Mobile", FRANCOSE),
    Gateway("US Mobile", "US", "vtext.com", "vzwpix.com", "2027-03-31", "", "2026-11-20", "for its Verizon-based lines only", VERIZON),
    Gateway("Verizon | verizon wireless | vzw | verizon prepaid", "US", "vtext.com", "vzwpix.com", "2027-03-31", "sms mms", "2026-11-25", "text On to 4040 from the phone if nothing arrives", VERIZON),
    Gateway("Viaero | viaero wireless", "US", "viaerosms.com", "mmsviaero.com", "", "", "2026-11-20", "", MFITZP),
    Gateway("Videotron | videotron mobile | fizz", "CA", "texto.videotron.ca", "", "", "", "2026-11-20", "", UNDATED),
    Gateway("Virgin Mobile UK", "GB", "vxtras.com", "", "?", "", "2026-11-20", "", MFITZP),
    Gateway("Virgin Mobile USA | virgin mobile | virgin mobile us | virgin", "US", "vmobl.com", "vmpix.com", "?", "", "2026-11-20", "its lines went to Boost Mobile in 2020", VIRGIN),
    Gateway("Virgin Plus | virgin mobile canada | virgin plus canada | virgin canada", "CA", "vmobile.ca", "", "", "", "2026-11-25", "it is a Bell brand, and Bell closed its gateway on 2025-12-31", BELL),
    Gateway("Visible | visible by verizon | visible wireless", "US", "", "vzwpix.com", "2027-03-31", "mms", "2026-11-20", "", VERIZON),
    Gateway("Vivo | vivo brasil", "BR", "torpedoemail.com.br", "", "?", "", "2026-11-20", "", MFITZP),
    Gateway("Vodafone Czech Republic | vodafone cz | oskar", "CZ", "vodafonemail.cz", "", "?", "", "2026-11-20", "", "github.com/mfitzp/List_of_SMS_gateways/issues/16"),
    Gateway("West Central Wireless | west central", "US", "sms.wcc.net", "", "", "", "2026-11-20", "", MFITZP),
    Gateway("Xfinity Mobile | xfinity | comcast mobile | comcast", "US", "", "mypixmessages.com", "", "mms", "2026-11-20", "text Status to 4040 from the phone to see whether it takes mail", "xfinity.com/support/articles/block-email-text-messages"),
]
# fmt: on

# Words in carriers' names that say nothing of which carrier it is.
COMMON_WORDS = ["communications", "wireless", "telecom", "mobility", "cellular", "mobile"]


def find_gateway(name: str, today: date) -> Gateway:
    """Return the carrier that a user calls `name`, whatever its case, blanks and punctuation.

    Raises `LookupError`, whose text is a whole sentence for that user, when no carrier is called
    so (it suggests near misses that are not closed) or when its gateway has closed (it says when,
    and who says so).
    """
    row = _by_name(GATEWAYS).get(_plain(name))
    if row is None:
        near = _near(name, [row for row in GATEWAYS if not row.is_closed(today)])
        names = " or ".join(row.name for row in near)
        hint = f"Did you mean {names}? Else set" if near else "Set"
        raise LookupError(
            f"MY_CARRIER is no carrier that carriers.py knows. {hint} MY_GATEWAY to an e-mail "
            "address that reaches you."
        )
    if row.is_closed(today):
        advice = f"; {row.advice}" if row.advice and row.last_day == "?" else ""
        raise LookupError(
            f"{row.name} closed its gateway{row.day()} ({row.source}){advice}. "
            "Set MY_GATEWAY to an e-mail address that reaches you."
        )
    return row


def find_route(name: str, today: date, *, length: int, picture: bool) -> Route:
    """Return how a message of `length` UTF-16 units gets to phones of carrier `name`.

    A picture goes by the MMS gateway if there is one; a long text does if that is known to work;
    any other text goes by SMS unless only the MMS gateway is known to work. Raises `LookupError`
    as `find_gateway` does.
    """
    row = find_gateway(name, today)
    statuses = row.statuses(today)
    kinds = list(statuses)
    proven = [kind for kind in kinds if statuses[kind] != "unverified"]
    if picture and row.mms:
        kind = "mms"
    elif proven:
        kind = proven[-1] if length > SMS_LIMIT else proven[0]
    else:
        kind = kinds[0]
    note = ""
    if kind not in proven:
        advice = f"; {row.advice}" if row.advice else ""
        note = (
            f"nobody has shown lately that {row.name}'s {kind.upper()} gateway delivers "
            f"({row.source}){advice}. See whether the text arrives."
        )
    limit = SMS_LIMIT if kind == "sms" else MMS_LIMIT
    return Route(getattr(row, kind), limit, row.mms != "", note, row.last_day)


def find_closed_domain(address: str, today: date) -> list[str]:
    """Return a sentence for the user if `address` belongs to a gateway that has closed, or none."""
    domain = address.rpartition("@")[2].lower()
    rows = [row for row in GATEWAYS if domain in (row.sms, row.mms)]
    if not rows or not all(row.is_closed(today) for row in rows):
        return []
    who = " and ".join(row.name for row in rows[:2])
    return [f"gateway: {domain} was a gateway of {who}, and is closed ({rows[0].source})."]


def find_last_day(address: str, today: date) -> str:
    """Return the ISO date by which the gateway that `address` is at closes, or '' if none is known."""
    domain = address.rpartition("@")[2].lower()
    days = [row.last_day for row in GATEWAYS if domain in (row.sms, row.mms)]
    open_until = [day for day in days if day > today.isoformat()]
    return min(open_until) if days and len(open_until) == len(days) else ""


def list_gateways(name: str, today: date) -> list[str]:
    """Return lines of the phone book for the user: what works comes first.

    Without a `name` it is a line for each carrier, and with one of STATUSES for each of those. Any
    other name gets all about the carrier called so, and a line for each other with a word in its
    names that begins so, or else that it comes close to; if that is one only, all about it. Raises
    `LookupError` with a sentence for the user when there is none.
    """
    wanted = _plain(name)
    rows = sorted(GATEWAYS, key=lambda row: STATUSES.index(row.best_status(today)))
    if wanted in ("", *STATUSES):
        lines = [_line(row, today) for row in rows if wanted in ("", row.best_status(today))]
    else:
        names = _by_name(rows)
        exact = [names[wanted]] if wanted in names else []
        others = [row for row in rows if _words(name) in _words(row.names)]
        found = list(dict.fromkeys(exact + others)) or _near(name, rows)
        lines = [_line(row, today) for row in found]
        if exact or len(found) == 1:
            lines[1:1] = _details(found[0], today)
    if not lines:
        raise LookupError(
            "carriers.py knows no such carrier. Set MY_GATEWAY to an e-mail address that reaches you."
        )
    return lines


def _line(row: Gateway, today: date) -> str:
    """Return a carrier's name and status."""
    statuses = row.statuses(today)
    words = list(dict.fromkeys(statuses.values()))
    if len(words) > 1:
        words = [f"{status} for {kind}" for kind, status in statuses.items()]
    if row.last_day and not row.is_closed(today):
        words = [word for word in words if word != "closing"] + ["closing"]
    return f"{row.name} ({row.country}): {', '.join(words)}{row.day()}"


def _details(row: Gateway, today: date) -> list[str]:
    """Return what else a user may want to know of a carrier, in lines."""
    domains = " ".join(f"{kind}:{getattr(row, kind)}" for kind in row.statuses(today))
    details = [f"{domains}, looked up on {row.checked}", row.advice, row.source]
    return [f"  {detail}" for detail in details if detail]


def _by_name(rows: Iterable[Gateway]) -> dict[str, Gateway]:
    return {_plain(name): row for row in rows for name in row.names.split(" | ")}


def _near(name: str, rows: Iterable[Gateway]) -> list[Gateway]:
    """Return up to three rows that `name` comes close to, not counting what many names share."""
    # Only a wrong name needs it.
    from difflib import get_close_matches

    names = {_bare(alias): row for row in rows for alias in row.names.split(" | ")}
    names |= _by_name(rows)
    bare = _bare(name)
    # Few people miss both the first letter and the last, and MobileX is no T-Mobile.
    likely = [other for other in names if other[:1] == bare[:1] or other[-1:] == bare[-1:]]
    # Verison passes, and so does a letter too many; Hello Mobile is not taken for Tello.
    near = get_close_matches(bare, likely, cutoff=0.82)
    return list(dict.fromkeys(names[other] for other in near))


def _bare(name: str) -> str:
    """Return `name` as `_plain` does, without the words that many carriers have in their names.

    A word stays where one or two letters would be left without it: T-Mobile is no T.
    """
    words = [_plain(word) for word in name.split()]
    if words[-1:] in (["us"], ["usa"]):
        words.pop()
    bare = "".join(words)
    for word in COMMON_WORDS:
        shorter = bare.replace(word, "")
        if len(shorter) > 2 or not shorter:
            bare = shorter
    return bare


def _words(names: str) -> str:
    """Return the plain words of names, with a blank before each."""
    return "".join(f" {_plain(word)}" for word in names.split())


# Each look-up compares hundreds of names.
@cache
def _plain(name: str) -> str:
    """Return the letters and digits of `name`, without case and accents."""
    return "".join(letter for letter in normalize("NFKD", name).casefold() if letter.isalnum())


class MailServer(NamedTuple):
    """The server that takes a mailbox's outgoing mail, and how a program logs in to it."""

    # what stands behind the @, parted by blanks; `*` stands for anything
    domains: str
    host: str
    port: int
    # 'implicit' (TLS from the first byte) or 'starttls'
    tls: str
    # 'password', 'app password' (made for this program) or 'none': no password works
    login: str
    # where to make the app password; for 'none', why no password works
    page: str
    # ISO date on which this row was last looked up
    checked: str
    # who says so
    source: str

    @property
    def name(self) -> str:
        return self.domains.split()[0]


# Sources of the mail servers, and pages of more than one row.
AUTOCONFIG = "github.com/thunderbird/autoconfig"
NODEMAILER = "github.com/nodemailer/nodemailer"
PROVIDER_DB = "github.com/chatmail/provider-db"
AOL_PAGE = "login.aol.com/account/security"
GMX_PAGE = "hilfe.gmx.net/sicherheit/2fa/anwendungsspezifisches-passwort.html"
YAHOO_PAGE = "login.yahoo.com/account/security"
MICROSOFT = "support.microsoft.com/en-us/office/modern-authentication-methods-now-needed-to-continue-syncing-outlook-email-in-non-microsoft-email-apps-c5d65390-9676-4763-b41f-d7986499a90d"
COMCAST_PAGE = (
    "xfinity.com/support/articles/third-party-email-access (a mailbox moved to Yahoo: "
    "SMTP_HOST=smtp.mail.yahoo.com and login.yahoo.com/account/security)"
)
NO_OUTLOOK = (
    "Outlook.com, Hotmail, Live and MSN have taken no password from programs since 2024-09-16, "
    "app passwords included"
)
NO_PROTON = (
    "Proton Mail lets other programs send only through its paid Bridge app "
    "(proton.me/mail/bridge) or, from an address at a domain of your own, with a paid SMTP token "
    "(SMTP_HOST=smtp.protonmail.ch and SMTP_PORT=587)"
)

# The most used mailboxes first; a row above wins over a row below.
# fmt: off
MAIL_SERVERS = [
    #          domains, host, port, tls, login, page, checked, source
    MailServer("gmail.com googlemail.com", "smtp.gmail.com", 465, "implicit", "app password", "myaccount.google.com/apppasswords", "2026-11-20", "support.google.com/accounts/answer/185833"),
    MailServer("outlook.* hotmail.* live.* livemail.tw msn.com windowslive.com", "smtp-mail.outlook.com", 587, "starttls", "none", NO_OUTLOOK, "2026-11-20", MICROSOFT),
    MailServer("myyahoo.com rocketmail.com yahoo.ca yahoo.co.in yahoo.co.nz yahoo.co.uk yahoo.com yahoo.com.ar yahoo.com.au yahoo.com.br yahoo.com.mx yahoo.de yahoo.es yahoo.fr yahoo.it yahoo.se ymail.com", "smtp.mail.yahoo.com", 465, "implicit", "app password", YAHOO_PAGE, "2026-11-20", "help.yahoo.com/kb/generate-manage-rd-party-passwords-sln15241.html"),
    MailServer("aim.com aol.co.nz aol.co.uk aol.com aol.com.ar aol.com.au aol.com.br aol.com.mx aol.de aol.es aol.fr aol.it aol.se compuserve.com cs.com netscape.com netscape.net wmconnect.com", "smtp.aol.com", 465, "implicit", "app password", AOL_PAGE, "2026-11-20", "help.aol.com/articles/Create-and-manage-app-password"),
    MailServer("verizon.net", "smtp.aol.com", 465, "implicit", "app password", AOL_PAGE, "2026-11-20", "verizon.com/support/residential/announcements/email-policy-announcement"),
    MailServer("icloud.com mac.com me.com", "smtp.mail.me.com", 587, "starttls", "app password", "account.apple.com/account/manage", "2026-11-20", "support.apple.com/102654"),
    MailServer("ameritech.net att.net bellsouth.net currently.com flash.net nvbell.net pacbell.net prodigy.net sbcglobal.net snet.net swbell.net wans.net", "smtp.mail.att.net", 465, "implicit", "app password", "att.com/support/article/email-support/KM1010523", "2026-11-20", AUTOCONFIG),
    MailServer("comcast.net xfinity.com", "smtp.comcast.net", 465, "implicit", "password", COMCAST_PAGE, "2026-11-20", "xfinity.com/support/articles/third-party-email-access"),
    MailServer("cox.net", "smtp.mail.yahoo.com", 465, "implicit", "app password", YAHOO_PAGE, "2026-11-20", "suped.com/knowledge/email-deliverability/technical/when-did-coxnet-change-their-mx-records"),
    MailServer("brighthouse.com charter.net spectrum.net twc.com", "mobile.charter.net", 587, "implicit", "password", "", "2026-11-20", "spectrum.net/support/internet/spectrum-email-quota-and-settings"),
    MailServer("roadrunner.com rr.com", "mail.twc.com", 587, "starttls", "password", "", "2026-11-20", AUTOCONFIG),
    MailServer("earthlink.net ix.netcom.com mindspring.com peoplepc.com", "smtpauth.earthlink.net", 587, "starttls", "password", "", "2026-11-20", "help.earthlink.net/portal/en/kb/articles/email-server-settings"),
    MailServer("centurylink.net embarqmail.com q.com", "smtp.centurylink.net", 587, "starttls", "password", "", "2026-11-20", AUTOCONFIG),
    MailServer("fastmail.com fastmail.fm", "smtp.fastmail.com", 465, "implicit", "app password", "app.fastmail.com/settings/security/apps", "2026-11-20", "fastmail.com/help/technical/servernamesandports.html"),
    MailServer("zoho.com zohomail.com", "smtp.zoho.com", 465, "implicit", "app password", "accounts.zoho.com/home#security/app_password", "2026-11-20", "zoho.com/mail/help/zoho-smtp.html"),
    MailServer("pm.me proton.me protonmail.ch protonmail.com", "127.0.0.1", 1025, "starttls", "none", NO_PROTON, "2026-11-25", "proton.me/support/smtp-submission"),
    MailServer("keemail.me tuta.com tuta.io tutamail.com tutanota.com tutanota.de", "", 0, "", "none", "Tuta lets no other program send", "2026-11-20", PROVIDER_DB),
    MailServer("hey.com", "", 0, "", "none", "HEY lets no other program send", "2026-11-20", PROVIDER_DB),
    MailServer("email.gmx gmx.at gmx.biz gmx.ch gmx.de gmx.eu gmx.info gmx.net gmx.org mail.gmx mein.gmx", "mail.gmx.net", 465, "implicit", "password", GMX_PAGE, "2026-11-20", GMX_PAGE),
    MailServer("gmx.*", "mail.gmx.com", 465, "implicit", "password", "support.gmx.com/security/2fa/application-specific-passwords.html", "2026-11-20", "support.gmx.com/pop-imap/toggle.html"),
    MailServer("mail.com email.com usa.com europe.com iname.com myself.com post.com consultant.com engineer.com dr.com london.com", "smtp.mail.com", 465, "implicit", "password", "support.mail.com/pop-imap/toggle.html", "2026-11-20", AUTOCONFIG),
    MailServer("web.de", "smtp.web.de", 465, "implicit", "password", "hilfe.web.de/sicherheit/2fa/anwendungsspezifisches-passwort.html", "2026-11-20", "hilfe.web.de/pop-imap/einschalten.html"),
    MailServer("magenta.de t-online.de", "securesmtp.t-online.de", 465, "implicit", "app password", "telekom.de/hilfe/apps-dienste/e-mail/programme/passwort-verwalten", "2026-11-20", AUTOCONFIG),
    MailServer("orange.fr wanadoo.fr", "smtp.orange.fr", 465, "implicit", "password", "", "2026-11-20", "assistance.orange.fr"),
    MailServer("free.fr", "smtp.free.fr", 465, "implicit", "password", "", "2026-11-20", "assistance.free.fr/articles/configurer-de-maniere-avancee-mon-logiciel-de-messagerie-609"),
    MailServer("neuf.fr sfr.fr", "smtp.sfr.fr", 465, "implicit", "password", "", "2026-11-20", AUTOCONFIG),
    MailServer("laposte.net", "smtp.laposte.net", 465, "implicit", "password", "", "2026-11-20", AUTOCONFIG),
    MailServer("narod.ru ya.ru yandex.by yandex.com yandex.kz yandex.net yandex.ru yandex.ua", "smtp.yandex.com", 465, "implicit", "app password", "id.yandex.com/security/app-passwords", "2026-11-20", "yandex.com/support/passport/authorization/app-passwords.html"),
    MailServer("bk.ru corp.mail.ru inbox.ru list.ru mail.ru", "smtp.mail.ru", 465, "implicit", "app password", "account.mail.ru/user/2-step-auth/passwords", "2026-11-20", "help.mail.ru/mail/security/protection/external"),
    MailServer("foxmail.com qq.com", "smtp.qq.com", 465, "implicit", "app password", "service.mail.qq.com/cgi-bin/help?subtype=1&id=28&no=331", "2026-11-20", "service.mail.qq.com"),
    MailServer("163.com", "smtp.163.com", 465, "implicit", "app password", "mail.163.com", "2026-11-20", AUTOCONFIG),
    MailServer("mailbox.org", "smtp.mailbox.org", 465, "implicit", "password", "kb.mailbox.org/en/private/security-and-privacy/e-mail-password", "2026-11-20", "kb.mailbox.org/en/private/e-mail/e-mail-configuration"),
    MailServer("posteo.*", "posteo.de", 465, "implicit", "app password", "posteo.de/en/help/app-passwords", "2026-11-20", "github.com/chatmail/provider-db/pull/334"),
    MailServer("runbox.com", "smtp.runbox.com", 465, "implicit", "app password", "runbox.com/mail/account_security", "2026-11-20", NODEMAILER),
    MailServer("disroot.org", "disroot.org", 587, "starttls", "password", "", "2026-11-20", NODEMAILER),
    MailServer("btinternet.com btopenworld.com", "mail.btinternet.com", 465, "implicit", "password", "", "2026-11-20", AUTOCONFIG),
    MailServer("sky.com", "smtp.tools.sky.com", 465, "implicit", "app password", "", "2026-11-20", AUTOCONFIG),
    MailServer("blueyonder.co.uk ntlworld.com virginmedia.com", "smtp.virginmedia.com", 465, "implicit", "password", "", "2026-11-20", AUTOCONFIG),
    MailServer("bigpond.com bigpond.net.au", "smtp.telstra.com", 465, "implicit", "password", "", "2026-11-20", AUTOCONFIG),
    MailServer("libero.it", "smtp.libero.it", 465, "implicit", "password", "", "2026-11-20", AUTOCONFIG),
    MailServer("email.cz seznam.cz", "smtp.seznam.cz", 465, "implicit", "password", "", "2026-11-20", AUTOCONFIG),
    MailServer("naver.com", "smtp.naver.com", 465, "implicit", "app password", "", "2026-11-20", AUTOCONFIG),
]
# fmt: on


def find_mail_server(address: str) -> MailServer:
    """Return the mail server for a mailbox such as `you@gmail.com`.

    Raises `LookupError`, whose text is a whole sentence for the mailbox's owner, when it is not
    known or when no password works there.
    """
    domain = address.rpartition("@")[2].lower()
    for row in MAIL_SERVERS:
        if _fits(domain, row.domains):
            if row.login == "none":
                raise LookupError(f"{row.page}. Set SMTP_USER to another mailbox, such as Gmail.")
            return row
    raise LookupError(
        f"carriers.py knows no mail server for {domain}. Set SMTP_HOST to the one that your mail "
        "provider's help names as its outgoing (SMTP) server; with Google Workspace that is "
        "smtp.gmail.com, with Microsoft 365 smtp.office365.com and SMTP_PORT=587, if your "
        "administrator allows it (passwords are off by default from the end of December 2026)."
    )


def _fits(name: str, patterns: str) -> bool:
    """Return whether one of the patterns, which are parted by blanks, is for `name`."""
    # Only a mailbox or a relay to look up needs it.
    from fnmatch import fnmatchcase

    return any(fnmatchcase(name, pattern) for pattern in patterns.split())


class Relay(NamedTuple):
    """A server that takes mail for many domains, so that only SMTP_HOST tells who runs it."""

    name: str
    # parted by blanks; `*` stands for anything
    hosts: str
    port: int
    # 'implicit' (TLS from the first byte) or 'starttls'
    tls: str
    # the word that SMTP_USER has to be; empty where each customer has his own
    user: str
    # ISO date on which this row was last looked up
    checked: str
    # who says so
    source: str
    # what goes wrong there for most people at first: a sentence for the user
    trap: str


# fmt: off
RELAYS = [
    #     name, hosts, port, tls, user, checked, source, trap
    Relay("Amazon SES", "email-smtp.*.amazonaws.com email-smtp-fips.*.amazonaws.com", 465, "implicit", "", "2026-11-25", "repost.aws/knowledge-center/ses-554-400-message-rejected-error",
          "Amazon SES wants SMTP_FROM verified in the region of SMTP_HOST, and in its sandbox the address that it mails to as well."),
    Relay("Brevo", "smtp-relay.brevo.com smtp-relay.sendinblue.com", 587, "starttls", "", "2026-11-25", "developers.brevo.com/docs/smtp-integration",
          "Brevo's log-in is no sender: set SMTP_FROM to one that you verified there, and SMTP_PASSWORD to an SMTP key, not an API key."),
    Relay("Gmail and Google Workspace", "smtp.gmail.com", 465, "implicit", "", "2026-11-20", "support.google.com/accounts/answer/185833",
          "Gmail takes an app password only, which the administrator of a Google Workspace can forbid."),
    Relay("Google Workspace's relay", "smtp-relay.gmail.com", 587, "starttls", "", "2026-11-25", "docker-mailserver.github.io/docker-mailserver/latest/config/advanced/mail-forwarding/gmail-smtp",
          "Google's relay takes mail only once the administrator of your Google Workspace has let in this machine's address, or log-ins."),
    Relay("Mailgun", "smtp.mailgun.org smtp.eu.mailgun.org", 465, "implicit", "", "2026-11-25", "documentation.mailgun.com/docs/mailgun/user-manual/sending-messages/send-smtp",
          "Mailgun's sandbox domain mails only to recipients that you authorized there, and a domain in its EU region needs SMTP_HOST=smtp.eu.mailgun.org."),
    Relay("Microsoft 365", "smtp.office365.com smtp-legacy.office365.com", 587, "starttls", "", "2026-11-25", "techcommunity.microsoft.com/blog/exchange/updated-exchange-online-smtp-auth-basic-authentication-deprecation-timeline/4489835",
          "Microsoft 365 takes a password only while your administrator allows SMTP AUTH, which is off by default from the end of December 2026."),
    Relay("Postmark", "smtp.postmarkapp.com smtp-broadcasts.postmarkapp.com", 587, "starttls", "", "2026-11-25", "postmarkapp.com/developer/user-guide/send-email-with-smtp",
          "Postmark has no port 465, takes one server API token as both SMTP_USER and SMTP_PASSWORD, and mails only to your own domain until it has approved your account."),
    Relay("Proton Mail", "smtp.protonmail.ch", 587, "starttls", "", "2026-11-25", "proton.me/support/smtp-submission",
          "Proton Mail takes an SMTP token as SMTP_PASSWORD, which only paid plans have, for an address at a domain of your own."),
    Relay("Resend", "smtp.resend.com", 465, "implicit", "resend", "2026-11-25", "resend.com/docs/send-with-smtp",
          "Resend wants an API key as SMTP_PASSWORD and SMTP_FROM at a domain that you verified there: onboarding@resend.dev reaches nobody but yourself."),
    Relay("SendGrid", "smtp.sendgrid.net smtp.eu.sendgrid.net", 587, "starttls", "apikey", "2026-11-25", "twilio.com/docs/sendgrid/for-developers/sending-email/integrating-with-the-smtp-api",
          "SendGrid wants an API key as SMTP_PASSWORD and as SMTP_FROM a sender that you verified there."),
    Relay("SMTP2GO", "mail.smtp2go.com mail-*.smtp2go.com", 587, "starttls", "", "2026-11-25", "developers.smtp2go.com/docs/smtp-relay",
          "SMTP2GO takes an SMTP user that you made there, not your account's log-in, and as SMTP_FROM only a sender that you verified there."),
]
# fmt: on


def find_relay(host: str) -> Relay | None:
    """Return the relay that runs the mail server `host`, or None if it is not known."""
    return next((row for row in RELAYS if _fits(host.lower(), row.hosts)), None)


class Push(NamedTuple):
    """A service that shows a mail to its owner's address there (MY_GATEWAY) as a notification."""

    name: str
    domain: str
    # how much of a text it shows, in the `unit` 'bytes' (of UTF-8) or 'characters'
    limit: int
    unit: str
    # whether it shows a picture that is attached
    pictures: bool
    # ISO date on which this row was last looked up
    checked: str
    # who says so
    source: str
    # what its owner should know beforehand: a sentence for the user
    note: str


# fmt: off
PUSH = [
    #    name, domain, limit, unit, pictures, checked, source, note
    Push("ntfy", "ntfy.sh", 4096, "bytes", False, "2026-11-25", "docs.ntfy.sh/publish",
         "On the phone, subscribe in ntfy's app to the topic, which is what stands between ntfy- and the @. Whoever knows it can read your texts."),
    Push("Pushover", "pomail.net", 1024, "characters", True, "2026-11-25", "pushover.net/faq",
         "Pushover shows texts in its own app, which costs money once its trial is over."),
]
# fmt: on


def find_push(address: str) -> Push | None:
    """Return the push service that an address such as `ntfy-topic@ntfy.sh` is at, or None."""
    domain = address.rpartition("@")[2].lower()
    return next((row for row in PUSH if row.domain == domain), None)


def is_guessable_topic(address: str) -> bool:
    """Return whether strangers may hit upon this address's topic at ntfy and read the texts there.

    A topic behind a token (`ntfy-topic+token@ntfy.sh`) is protected. Any other one should be long
    and have digits in it, as random ones have.
    """
    topic, _, domain = address.lower().rpartition("@")
    if domain != "ntfy.sh" or "+" in topic:
        return False
    topic = topic.removeprefix("ntfy-")
    return len(topic) < 16 or not any(letter.isdigit() for letter in topic)
