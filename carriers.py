"""The phone book of `textmyself`: which e-mail address reaches which carrier's phones, and which
mail server takes which mailbox's mail.

Nothing here is needed to text by Twilio, nor when MY_GATEWAY and SMTP_HOST are spelled out.

A carrier opens a gateway quietly and closes it loudly, or the other way round, so each row holds
its own papers: the day it was last looked up and the source. **To add or mend a carrier, edit one
line** and name your source; `tests/test_carriers.py` checks the line. Rows are in the order of
their names, letters and digits only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from unicodedata import normalize

if TYPE_CHECKING:
    from datetime import date

__all__ = [
    "GATEWAYS",
    "MAIL_SERVERS",
    "find_closed_domain",
    "find_gateway",
    "find_mail_server",
    "find_route",
    "list_gateways",
]


class Gateway(NamedTuple):
    """A carrier's e-mail gateway: mail to ten digits @ its domain arrives as a text."""

    names: str  # what a user may call it, parted by ` | `; the first is how we call it
    country: str  # two letters, ISO 3166-1
    sms: str  # the domain for short texts; empty where there is none, or it is known not to work
    mms: str  # the domain for pictures and long texts; empty likewise
    last_day: str  # ISO date: past, it is closed; to come, it is closing; `?`: closed, day unknown
    works: str  # which of `sms` and `mms` were shown to deliver since 2025; the rest is unverified
    checked: str  # ISO date on which this row was last looked up
    advice: str  # what else its user should know, as half a sentence
    source: str  # who says so: an address without its `https://`

    @property
    def name(self) -> str:
        return self.names.split(" | ")[0]

    def is_closed(self, today: date) -> bool:
        return self.last_day == "?" or "" < self.last_day < today.isoformat()

    def status(self, kind: str, today: date) -> str:
        """Return 'open', 'closing', 'closed' or 'unverified' for the `kind` 'sms' or 'mms'."""
        if self.is_closed(today):
            return "closed"
        if kind not in self.works.split():
            return "unverified"
        return "closing" if self.last_day else "open"


SMS_LIMIT = 140  # characters: what every SMS gateway takes (Verizon cuts at 130 to 140)
MMS_LIMIT = 1600  # characters: no carrier publishes one; as much as Twilio takes in a message


class Route(NamedTuple):
    """How a message gets through a gateway."""

    domain: str
    limit: int  # characters in a text, at most
    pictures: bool
    note: str  # a sentence for the user if nobody has shown lately that it works; else empty


# fmt: off
GATEWAYS = [
    #       names, country, sms, mms, last day, works, checked, advice, source
    Gateway("Aircel", "IN", "aircel.co.in", "", "?", "", "2026-11-20", "", "github.com/mfitzp/List_of_SMS_gateways"),
    Gateway("Airtel India | airtel | bharti airtel", "IN", "airtelmail.com", "", "?", "", "2026-11-20", "", "github.com/mfitzp/List_of_SMS_gateways"),
    Gateway("Alaska Communications | acs | acs alaska | alaska communications systems", "US", "msg.acsalaska.com", "", "", "", "2026-11-20", "", "github.com/mfitzp/List_of_SMS_gateways"),
    Gateway("Alltel | alltel wireless | allied wireless", "US", "message.alltel.com", "mms.alltel.com", "?", "", "2026-11-20", "", "github.com/vufind-org/vufind/pull/4327"),
    Gateway("Appalachian Wireless | appalachian", "US", "awsms.com", "", "", "", "2026-11-20", "", "a public list, undated"),
    Gateway("Assurance Wireless | assurance", "US", "vmobl.com", "", "?", "", "2026-11-20", "T-Mobile runs the brand: try MY_CARRIER=T-Mobile", "github.com/mfitzp/List_of_SMS_gateways"),
    Gateway("AT&T | at and t | at&t wireless | at&t mobility | att prepaid", "US", "txt.att.net", "mms.att.net", "2025-06-17", "", "2026-11-20", "", "att.com/support/article/wireless/KM1061254"),
    Gateway("Bell Mobility | bell | bell canada | bell mts | solo | solo mobile", "CA", "txt.bell.ca", "", "2025-12-31", "", "2026-11-20", "", "github.com/mfitzp/List_of_SMS_gateways/issues/26"),
    Gateway("Bluegrass Cellular | bluegrass", "US", "sms.bluecell.com", "mms.myblueworks.com", "", "", "2026-11-20", "", "github.com/mfitzp/List_of_SMS_gateways"),
    Gateway("Boost Mobile | boost | boost infinite", "US", "sms.myboostmobile.com", "myboostmobile.com", "?", "", "2026-11-20", "", "github.com/mfitzp/List_of_SMS_gateways"),
    Gateway("Bouygues Telecom | bouygues", "FR", "", "mms.bouyguestelecom.fr", "?", "", "2026-11-20", "", "github.com/mfitzp/List_of_SMS_gateways"),
    Gateway("Carolina West Wireless | carolina west | cww", "US", "cwwsms.com", "", "", "", "2026-11-20", "", "github.com/cubiclesoft/email_sms_mms_gateways/pull/11"),
    Gateway("Cellcom | cellcom wisconsin | nsight", "US", "cellcom.quiktxt.com", "", "", "", "2026-11-20", "", "github.com/mfitzp/List_of_SMS_gateways"),
    Gateway("Cellular One | cellone | cellular one of ne arizona", "US", "mobile.celloneusa.com", "", "", "", "2026-11-20", "", "github.com/typpo/textbelt"),
    Gateway("Chariton Valley Wireless | chariton valley", "US", "sms.cvalley.net", "", "", "", "2026-11-20", "", "github.com/mfitzp/List_of_SMS_gateways"),
    Gateway("Chat Mobility | chat", "US", "mail.msgsender.com", "", "", "", "2026-11-20", "", "github.com/mfitzp/List_of_SMS_gateways"),
    Gateway("chatr | chatr mobile | chatr wireless", "CA", "pcs.rogers.com", "", "2023-07-01", "", "2026-11-20", "", "communityforums.rogers.com/t5/Account-Support/Email-to-SMS-service-discontinued/td-p/510696"),
    Gateway("Cincinnati Bell Wireless | cincinnati bell", "US", "gocbw.com", "mms.gocbw.com", "?", "", "2026-11-20", "", "github.com/mfitzp/List_of_SMS_gateways"),
    Gateway("Cingular | cingularme | mobile.mycingular.com", "US", "cingularme.com", "", "2025-06-17", "", "2026-11-20", "", "att.com/support/article/wireless/KM1061254"),
    Gateway("Claro Brasil | claro br | claro brazil", "BR", "clarotorpedo.com.br", "", "?", "", "2026-11-20", "", "github.com/mfitzp/List_of_SMS_gateways"),
    Gateway("Consumer Cellular", "US", "mailmymobile.net", "", "", "", "2026-11-20", "", "github.com/cubiclesoft/email_sms_mms_gateways/pull/10"),
    Gateway("Cricket Wireless | cricket", "US", "", "mms.cricketwireless.net", "", "", "2026-11-20", "its SMS gateway is closed and AT&T, its owner, closed its own in 2025", "github.com/francose/sms_gateway_poc"),
    Gateway("C Spire | cellular south", "US", "cspire1.com", "", "", "", "2026-11-20", "", "github.com/mfitzp/List_of_SMS_gateways"),
    Gateway("Eastlink | eastlink wireless", "CA", "txt.eastlink.ca", "mms.eastlink.ca", "", "", "2026-11-20", "", "gist.github.com/remarkablemark/7af4b784f4782b2decc00f91e4b553e3"),
    Gateway("E-Plus | base", "DE", "smsmail.eplus.de", "", "?", "", "2026-11-20", "", "github.com/mfitzp/List_of_SMS_gateways"),
    Gateway("Fido | fido solutions", "CA", "fido.ca", "", "2023-07-01", "", "2026-11-20", "", "communityforums.rogers.com/t5/Account-Support/Email-to-SMS-service-discontinued/td-p/510696"),
    Gateway("FirstNet | firstnet by at&t", "US", "txt.att.net", "mms.att.net", "2025-06-17", "", "2026-11-20", "", "att.com/support/article/wireless/KM1061254"),
    Gateway("Freedom Mobile | freedom | wind | wind mobile", "CA", "txt.freedommobile.ca", "", "", "", "2026-11-20", "it may need switching on in your account", "github.com/mfitzp/List_of_SMS_gateways/pull/13"),
    Gateway("GCI | general communications inc | gci alaska | gci wireless", "US", "mobile.gci.net", "", "", "", "2026-11-20", "", "github.com/mfitzp/List_of_SMS_gateways"),
    Gateway("Golden State Cellular | golden state", "US", "gscsms.com", "", "", "", "2026-11-20", "", "github.com/mfitzp/List_of_SMS_gateways"),
    Gateway("Google Fi | fi | google fi wireless | project fi | google project fi", "US", "msg.fi.google.com", "msg.fi.google.com", "", "sms mms", "2026-11-20", "", "support.google.com/fi/answer/6356597"),
    Gateway("Google Voice | gvoice", "US", "txt.voice.google.com", "", "?", "", "2026-11-20", "a Google Voice number takes no e-mail", "github.com/cubiclesoft/email_sms_mms_gateways/issues/6"),
    Gateway("H2O Wireless | h2o", "US", "txt.att.net", "mms.att.net", "2025-06-17", "", "2026-11-20", "", "att.com/support/article/wireless/KM1061254"),
    Gateway("Helio", "US", "myhelio.com", "", "?", "", "2026-11-20", "", "github.com/mfitzp/List_of_SMS_gateways"),
    Gateway("ICE (kölbi) | ice | kolbi", "CR", "sms.ice.cr", "", "?", "", "2026-11-20", "", "github.com/mfitzp/List_of_SMS_gateways"),
    Gateway("Illinois Valley Cellular | ivc | iv cellular", "US", "ivctext.com", "", "", "", "2026-11-20", "", "github.com/typpo/textbelt"),
    Gateway("Kajeet", "US", "mobile.kajeet.net", "", "", "", "2026-11-20", "", "github.com/mfitzp/List_of_SMS_gateways"),
    Gateway("Koodo | koodo mobile", "CA", "msg.koodomobile.com", "", "", "", "2026-11-20", "", "github.com/typpo/textbelt"),
    Gateway("Lively (GreatCall) | greatcall | lively | jitterbug", "US", "vtext.com", "", "2027-03-31", "", "2026-11-20", "", "verizon.com/support/vtext-vzwpix-shutdown"),
    Gateway("Lucky Mobile | lucky", "CA", "txt.bell.ca", "", "2025-12-31", "", "2026-11-20", "", "github.com/mfitzp/List_of_SMS_gateways/issues/26"),
    Gateway("Lynx Mobility | lynx", "CA", "sms.lynxmobility.com", "", "", "", "2026-11-20", "", "github.com/mfitzp/List_of_SMS_gateways"),
    Gateway("Magenta Telekom (T-Mobile Austria) | t-mobile austria | magenta", "AT", "sms.t-mobile.at", "", "?", "", "2026-11-20", "", "github.com/mfitzp/List_of_SMS_gateways"),
    Gateway("Metro by T-Mobile | metro | metropcs", "US", "mymetropcs.com", "mymetropcs.com", "", "", "2026-11-20", "if nothing arrives, try MY_CARRIER=T-Mobile", "github.com/mfitzp/List_of_SMS_gateways"),
    Gateway("Mint Mobile | mint", "US", "tmomail.net", "tmomail.net", "", "sms", "2026-11-20", "it drops mail from some senders: try another mailbox if nothing arrives", "github.com/judy-huynh/price-texts"),
    Gateway("MTS | mts mobility | manitoba telecom", "CA", "text.mts.net", "", "", "", "2026-11-20", "", "github.com/mfitzp/List_of_SMS_gateways"),
    Gateway("Net10", "US", "txt.att.net", "mms.att.net", "2025-06-17", "", "2026-11-20", "", "att.com/support/article/wireless/KM1061254"),
    Gateway("Nex-Tech Wireless | nextech", "US", "sms.ntwls.net", "", "", "", "2026-11-20", "", "github.com/typpo/textbelt"),
    Gateway("Nextel | nextel direct connect | sprint nextel", "US", "messaging.nextel.com", "", "?", "", "2026-11-20", "", "github.com/vufind-org/vufind/pull/4327"),
    Gateway("NorthernTel | northerntel mobility", "CA", "txt.northerntelmobility.com", "", "", "", "2026-11-20", "", "github.com/cubiclesoft/email_sms_mms_gateways"),
    Gateway("nTelos | ntelos wireless", "US", "pcs.ntelos.com", "", "?", "", "2026-11-20", "", "github.com/mfitzp/List_of_SMS_gateways"),
    Gateway("O2 Germany | o2 de | telefonica germany | winsim", "DE", "o2online.de", "", "?", "", "2026-11-20", "", "github.com/mfitzp/List_of_SMS_gateways/issues/9"),
    Gateway("Page Plus | page plus cellular", "US", "vtext.com", "mypixmessages.com", "2027-03-31", "", "2026-11-20", "", "verizon.com/support/vtext-vzwpix-shutdown"),
    Gateway("PC Mobile | president's choice | pc telecom | no name mobile", "CA", "mobiletxt.ca", "", "", "", "2026-11-20", "", "github.com/mfitzp/List_of_SMS_gateways"),
    Gateway("Pioneer Cellular | pioneer", "US", "zsend.com", "", "", "", "2026-11-20", "", "github.com/mfitzp/List_of_SMS_gateways"),
    Gateway("Public Mobile", "CA", "msg.telus.com", "", "", "", "2026-11-20", "", "github.com/mfitzp/List_of_SMS_gateways/issues/8"),
    Gateway("PureTalk | pure talk usa", "US", "txt.att.net", "mms.att.net", "2025-06-17", "", "2026-11-20", "", "att.com/support/article/wireless/KM1061254"),
    Gateway("Red Pocket | red pocket mobile", "US", "txt.att.net", "mms.att.net", "2025-06-17", "", "2026-11-20", "", "att.com/support/article/wireless/KM1061254"),
    Gateway("Republic Wireless | republic", "US", "text.republicwireless.com", "", "", "", "2026-11-20", "DISH bought the brand in 2021: its lines are Boost Mobile lines now", "satellitetoday.com/5g/2021/03/08/dish-network-buys-another-mobile-network-operator-republic-wireless"),
    Gateway("Rogers | rogers wireless", "CA", "pcs.rogers.com", "mms.rogers.com", "2023-07-01", "", "2026-11-20", "", "communityforums.rogers.com/t5/Account-Support/Email-to-SMS-service-discontinued/td-p/510696"),
    Gateway("SaskTel | sasktel mobility", "CA", "sms.sasktel.com", "", "", "", "2026-11-20", "", "github.com/mfitzp/List_of_SMS_gateways"),
    Gateway("Simple Mobile", "US", "smtext.com", "", "", "", "2026-11-20", "", "github.com/mfitzp/List_of_SMS_gateways"),
    Gateway("SLT-Mobitel | mobitel", "LK", "sms.mobitel.lk", "", "?", "", "2026-11-20", "", "github.com/mfitzp/List_of_SMS_gateways"),
    Gateway("Southern Linc", "US", "page.southernlinc.com", "", "", "", "2026-11-20", "", "github.com/mfitzp/List_of_SMS_gateways"),
    Gateway("Spectrum Mobile | spectrum | charter mobile", "US", "vtext.com", "mypixmessages.com", "2027-03-31", "", "2026-11-20", "", "verizon.com/support/vtext-vzwpix-shutdown"),
    Gateway("Sprint | sprint pcs | t-mobile (sprint)", "US", "messaging.sprintpcs.com", "pm.sprint.com", "?", "", "2026-11-20", "Sprint lines are now T-Mobile lines: try MY_CARRIER=T-Mobile", "github.com/vufind-org/vufind/pull/4327"),
    Gateway("Straight Talk", "US", "vtext.com", "mypixmessages.com", "2027-03-31", "", "2026-11-20", "", "verizon.com/support/vtext-vzwpix-shutdown"),
    Gateway("Tbaytel | tbay | tbaytel mobility", "CA", "pcs.rogers.com", "", "2023-07-01", "", "2026-11-20", "", "communityforums.rogers.com/t5/Account-Support/Email-to-SMS-service-discontinued/td-p/510696"),
    Gateway("Télébec", "CA", "txt.telebecmobilite.com", "", "", "", "2026-11-20", "", "github.com/cubiclesoft/email_sms_mms_gateways"),
    Gateway("Tello | tello mobile", "US", "tmomail.net", "tmomail.net", "", "", "2026-11-20", "it is on T-Mobile's network", "github.com/francose/sms_gateway_poc"),
    Gateway("Telus | telus mobility", "CA", "msg.telus.com", "mms.telusmobility.com", "", "sms", "2026-11-20", "leave links out: texts with them are often dropped", "github.com/TLSchofield/mowology-crm"),
    Gateway("Ting Mobile | ting", "US", "message.ting.com", "", "", "", "2026-11-20", "", "github.com/cubiclesoft/email_sms_mms_gateways/pull/13"),
    Gateway("T-Mobile | tmo | t-mobile usa | t-mobile us", "US", "tmomail.net", "tmomail.net", "", "sms", "2026-11-20", "it drops mail from some senders: try another mailbox if nothing arrives", "github.com/judy-huynh/price-texts"),
    Gateway("Total Wireless | total by verizon", "US", "vtext.com", "mypixmessages.com", "2027-03-31", "", "2026-11-20", "", "verizon.com/support/vtext-vzwpix-shutdown"),
    Gateway("Tracfone | tracfone wireless", "US", "", "mmst5.tracfone.com", "", "", "2026-11-20", "", "github.com/mfitzp/List_of_SMS_gateways"),
    Gateway("Ultra Mobile | ultra", "US", "mailmymobile.net", "", "", "", "2026-11-20", "", "github.com/typpo/textbelt"),
    Gateway("Union Wireless | union | union telephone", "US", "union-tel.com", "", "", "", "2026-11-20", "", "github.com/mfitzp/List_of_SMS_gateways"),
    Gateway("U.S. Cellular | uscc", "US", "email.uscc.net", "mms.uscc.net", "", "", "2026-11-20", "a line moved to T-Mobile needs MY_CARRIER=T-Mobile", "github.com/francose/sms_gateway_poc"),
    Gateway("US Mobile", "US", "vtext.com", "vzwpix.com", "2027-03-31", "", "2026-11-20", "for its Verizon-based lines only", "verizon.com/support/vtext-vzwpix-shutdown"),
    Gateway("Verizon | verizon wireless | vzw | verizon prepaid", "US", "vtext.com", "vzwpix.com", "2027-03-31", "sms mms", "2026-11-20", "text On to 4040 from the phone if nothing arrives", "verizon.com/support/vtext-vzwpix-shutdown"),
    Gateway("Viaero | viaero wireless", "US", "viaerosms.com", "mmsviaero.com", "", "", "2026-11-20", "", "github.com/mfitzp/List_of_SMS_gateways"),
    Gateway("Videotron | videotron mobile | fizz", "CA", "texto.videotron.ca", "", "", "", "2026-11-20", "", "a public list, undated"),
    Gateway("Virgin Mobile UK", "GB", "vxtras.com", "", "?", "", "2026-11-20", "", "github.com/mfitzp/List_of_SMS_gateways"),
    Gateway("Virgin Mobile USA | virgin mobile | virgin mobile us | virgin", "US", "vmobl.com", "vmpix.com", "?", "", "2026-11-20", "its lines went to Boost Mobile in 2020", "commsupdate.com/articles/2020/01/08/sprint-to-shut-down-virgin-mobile-transfer-subscribers-to-boost"),
    Gateway("Virgin Plus | virgin mobile canada | virgin plus canada | virgin canada", "CA", "vmobile.ca", "", "", "", "2026-11-20", "", "github.com/mfitzp/List_of_SMS_gateways/issues/26"),
    Gateway("Visible | visible by verizon | visible wireless", "US", "", "vzwpix.com", "2027-03-31", "mms", "2026-11-20", "", "verizon.com/support/vtext-vzwpix-shutdown"),
    Gateway("Vivo | vivo brasil", "BR", "torpedoemail.com.br", "", "?", "", "2026-11-20", "", "github.com/mfitzp/List_of_SMS_gateways"),
    Gateway("Vodafone Czech Republic | vodafone cz | oskar", "CZ", "vodafonemail.cz", "", "?", "", "2026-11-20", "", "github.com/mfitzp/List_of_SMS_gateways/issues/16"),
    Gateway("West Central Wireless | west central", "US", "sms.wcc.net", "", "", "", "2026-11-20", "", "github.com/mfitzp/List_of_SMS_gateways"),
    Gateway("Xfinity Mobile | xfinity | comcast mobile | comcast", "US", "", "mypixmessages.com", "", "mms", "2026-11-20", "it is on Verizon's network: text Status to 4040 to see whether the line takes mail", "xfinity.com/support/articles/block-email-text-messages"),
]
# fmt: on


def find_gateway(name: str, today: date) -> Gateway:
    """Return the carrier that a user calls `name`, whatever its case, blanks and punctuation.

    Raises `LookupError`, whose text is a whole sentence for that user, when no carrier is called
    so (it suggests near misses) or when its gateway has closed (it says when, and who says so).
    """
    rows = {_plain(alias): row for row in GATEWAYS for alias in row.names.split(" | ")}
    row = rows.get(_plain(name))
    if row is None:
        from difflib import get_close_matches  # only a wrong name needs it

        here = [plain for plain in rows if rows[plain].country in ("US", "CA")]
        near = {rows[plain].name: None for plain in get_close_matches(_plain(name), here)}
        hint = f"Did you mean {' or '.join(near)}? Else set" if near else "Set"
        raise LookupError(
            f"MY_CARRIER is no carrier that carriers.py knows. {hint} MY_GATEWAY to an e-mail "
            "address that reaches you."
        )
    if row.is_closed(today):
        day = "" if row.last_day == "?" else f" on {row.last_day}"
        advice = f"; {row.advice}" if row.advice and day == "" else ""
        raise LookupError(
            f"{row.name} closed its gateway{day} ({row.source}){advice}. "
            "Set MY_GATEWAY to an e-mail address that reaches you."
        )
    return row


def find_route(name: str, today: date, *, length: int, picture: bool) -> Route:
    """Return how a message of `length` characters gets to phones of carrier `name`.

    A picture goes by the MMS gateway if there is one; a long text does if that is known to work;
    any other text goes by SMS unless only the MMS gateway is known to work. Raises `LookupError`
    as `find_gateway` does.
    """
    row, long = find_gateway(name, today), length > SMS_LIMIT
    kinds = [kind for kind in ("sms", "mms") if getattr(row, kind)]
    proven = [kind for kind in kinds if row.status(kind, today) != "unverified"]
    kind = "mms" if picture and row.mms else [*(reversed(proven) if long else proven), *kinds][0]
    note = ""
    if kind not in proven:
        note = (
            f"nobody has shown lately that {row.name}'s {kind.upper()} gateway delivers "
            f"({row.source}). See whether the text arrives."
        )
    limit = SMS_LIMIT if kind == "sms" else MMS_LIMIT
    return Route(getattr(row, kind), limit, row.mms != "", note)


def find_closed_domain(address: str, today: date) -> list[str]:
    """Return a sentence for the user if `address` belongs to a gateway that has closed, or none."""
    domain = address.rpartition("@")[2].lower()
    rows = [row for row in GATEWAYS if domain in (row.sms, row.mms)]
    if not rows or not all(row.is_closed(today) for row in rows):
        return []
    who = " and ".join(row.name for row in rows[:2])
    return [f"gateway: {domain} was a gateway of {who}, and is closed ({rows[0].source})."]


def list_gateways(name: str, today: date) -> list[str]:
    """Return a line for each carrier whose names hold `name`, or for that which it comes close to.

    Raises `LookupError` with a sentence for the user when there is none.
    """
    from difflib import get_close_matches

    wanted = _plain(name)
    rows = {_plain(it): row for row in GATEWAYS for it in row.names.split(" | ")}
    found = [it for it in rows if wanted in it] or get_close_matches(wanted, rows, n=1)
    if not found:
        raise LookupError(
            "carriers.py knows no such carrier. Set MY_GATEWAY to an e-mail address that reaches you."
        )
    return [_describe(row, today) for row in dict.fromkeys(rows[it] for it in found)]


def _describe(row: Gateway, today: date) -> str:
    """Return a carrier's line of the phone book."""
    statuses = {kind: row.status(kind, today) for kind in ("sms", "mms") if getattr(row, kind)}
    days = {"closed": f"closed {row.last_day}", "closing": f"closes {row.last_day}"}
    words = dict.fromkeys(days.get(status, status) for status in statuses.values())
    domains = " ".join(f"{kind}:{getattr(row, kind)}" for kind in statuses)
    word = "/".join(words).replace(" ?", "")
    return f"{row.name} ({row.country}): {word}, {domains}, {row.source}"


def _plain(name: str) -> str:
    """Return the letters and digits of `name`, without case and accents."""
    return "".join(letter for letter in normalize("NFKD", name).casefold() if letter.isalnum())


class MailServer(NamedTuple):
    """The server that takes a mailbox's outgoing mail, and how a program logs in to it."""

    domains: str  # what stands behind the @, parted by blanks; `*` stands for anything
    host: str
    port: int
    tls: str  # 'implicit' (TLS from the first byte) or 'starttls'
    login: str  # 'password', 'app password' (made for this program) or 'none': no password works
    page: str  # where to make the app password; for 'none', why no password works
    checked: str  # ISO date on which this row was last looked up
    source: str  # who says so: an address without its `https://`

    @property
    def name(self) -> str:
        return self.domains.split()[0]


# The most used mailboxes first; a row above wins over a row below.
# fmt: off
MAIL_SERVERS = [
    #          domains, host, port, tls, login, page, checked, source
    MailServer("gmail.com googlemail.com", "smtp.gmail.com", 465, "implicit", "app password", "myaccount.google.com/apppasswords", "2026-11-20", "support.google.com/accounts/answer/185833"),
    MailServer("outlook.* hotmail.* live.* livemail.tw msn.com windowslive.com", "smtp-mail.outlook.com", 587, "starttls", "none", "Outlook.com, Hotmail, Live and MSN take no password from programs since 2024-09-16, app passwords included", "2026-11-20", "support.microsoft.com/en-us/office/modern-authentication-methods-now-needed-to-continue-syncing-outlook-email-in-non-microsoft-email-apps-c5d65390-9676-4763-b41f-d7986499a90d"),
    MailServer("myyahoo.com rocketmail.com yahoo.ca yahoo.co.in yahoo.co.nz yahoo.co.uk yahoo.com yahoo.com.ar yahoo.com.au yahoo.com.br yahoo.com.mx yahoo.de yahoo.es yahoo.fr yahoo.it yahoo.se ymail.com", "smtp.mail.yahoo.com", 465, "implicit", "app password", "login.yahoo.com/account/security", "2026-11-20", "help.yahoo.com/kb/generate-manage-rd-party-passwords-sln15241.html"),
    MailServer("aim.com aol.co.nz aol.co.uk aol.com aol.com.ar aol.com.au aol.com.br aol.com.mx aol.de aol.es aol.fr aol.it aol.se compuserve.com cs.com netscape.com netscape.net wmconnect.com", "smtp.aol.com", 465, "implicit", "app password", "login.aol.com/account/security", "2026-11-20", "help.aol.com/articles/Create-and-manage-app-password"),
    MailServer("verizon.net", "smtp.aol.com", 465, "implicit", "app password", "login.aol.com/account/security", "2026-11-20", "verizon.com/support/residential/announcements/email-policy-announcement"),
    MailServer("icloud.com mac.com me.com", "smtp.mail.me.com", 587, "starttls", "app password", "account.apple.com/account/manage", "2026-11-20", "support.apple.com/102654"),
    MailServer("ameritech.net att.net bellsouth.net currently.com flash.net nvbell.net pacbell.net prodigy.net sbcglobal.net snet.net swbell.net wans.net", "smtp.mail.att.net", 465, "implicit", "app password", "att.com/support/article/email-support/KM1010523", "2026-11-20", "github.com/thunderbird/autoconfig"),
    MailServer("comcast.net xfinity.com", "smtp.comcast.net", 465, "implicit", "password", "xfinity.com/support/articles/third-party-email-access (a mailbox moved to Yahoo: SMTP_HOST=smtp.mail.yahoo.com and login.yahoo.com/account/security)", "2026-11-20", "xfinity.com/support/articles/third-party-email-access"),
    MailServer("cox.net", "smtp.mail.yahoo.com", 465, "implicit", "app password", "login.yahoo.com/account/security", "2026-11-20", "suped.com/knowledge/email-deliverability/technical/when-did-coxnet-change-their-mx-records"),
    MailServer("brighthouse.com charter.net spectrum.net twc.com", "mobile.charter.net", 587, "implicit", "password", "", "2026-11-20", "spectrum.net/support/internet/spectrum-email-quota-and-settings"),
    MailServer("roadrunner.com rr.com", "mail.twc.com", 587, "starttls", "password", "", "2026-11-20", "github.com/thunderbird/autoconfig"),
    MailServer("earthlink.net ix.netcom.com mindspring.com peoplepc.com", "smtpauth.earthlink.net", 587, "starttls", "password", "", "2026-11-20", "help.earthlink.net/portal/en/kb/articles/email-server-settings"),
    MailServer("centurylink.net embarqmail.com q.com", "smtp.centurylink.net", 587, "starttls", "password", "", "2026-11-20", "github.com/thunderbird/autoconfig"),
    MailServer("fastmail.com fastmail.fm", "smtp.fastmail.com", 465, "implicit", "app password", "app.fastmail.com/settings/security/apps", "2026-11-20", "fastmail.com/help/technical/servernamesandports.html"),
    MailServer("zoho.com zohomail.com", "smtp.zoho.com", 465, "implicit", "app password", "accounts.zoho.com/home#security/app_password", "2026-11-20", "zoho.com/mail/help/zoho-smtp.html"),
    MailServer("pm.me proton.me protonmail.ch protonmail.com", "127.0.0.1", 1025, "starttls", "none", "Proton Mail lets other programs send only through its paid Bridge app (proton.me/mail/bridge)", "2026-11-20", "proton.me/support/smtp-submission"),
    MailServer("keemail.me tuta.com tuta.io tutamail.com tutanota.com tutanota.de", "", 0, "", "none", "Tuta lets no other program send", "2026-11-20", "github.com/chatmail/provider-db"),
    MailServer("hey.com", "", 0, "", "none", "HEY lets no other program send", "2026-11-20", "github.com/chatmail/provider-db"),
    MailServer("email.gmx gmx.at gmx.biz gmx.ch gmx.de gmx.eu gmx.info gmx.net gmx.org mail.gmx mein.gmx", "mail.gmx.net", 465, "implicit", "password", "hilfe.gmx.net/sicherheit/2fa/anwendungsspezifisches-passwort.html", "2026-11-20", "hilfe.gmx.net/sicherheit/2fa/anwendungsspezifisches-passwort.html"),
    MailServer("gmx.*", "mail.gmx.com", 465, "implicit", "password", "support.gmx.com/security/2fa/application-specific-passwords.html", "2026-11-20", "support.gmx.com/pop-imap/toggle.html"),
    MailServer("mail.com email.com usa.com europe.com iname.com myself.com post.com consultant.com engineer.com dr.com london.com", "smtp.mail.com", 465, "implicit", "password", "support.mail.com/pop-imap/toggle.html", "2026-11-20", "github.com/thunderbird/autoconfig"),
    MailServer("web.de", "smtp.web.de", 465, "implicit", "password", "hilfe.web.de/sicherheit/2fa/anwendungsspezifisches-passwort.html", "2026-11-20", "hilfe.web.de/pop-imap/einschalten.html"),
    MailServer("magenta.de t-online.de", "securesmtp.t-online.de", 465, "implicit", "app password", "telekom.de/hilfe/apps-dienste/e-mail/programme/passwort-verwalten", "2026-11-20", "github.com/thunderbird/autoconfig"),
    MailServer("orange.fr wanadoo.fr", "smtp.orange.fr", 465, "implicit", "password", "", "2026-11-20", "assistance.orange.fr"),
    MailServer("free.fr", "smtp.free.fr", 465, "implicit", "password", "", "2026-11-20", "assistance.free.fr/articles/configurer-de-maniere-avancee-mon-logiciel-de-messagerie-609"),
    MailServer("neuf.fr sfr.fr", "smtp.sfr.fr", 465, "implicit", "password", "", "2026-11-20", "github.com/thunderbird/autoconfig"),
    MailServer("laposte.net", "smtp.laposte.net", 465, "implicit", "password", "", "2026-11-20", "github.com/thunderbird/autoconfig"),
    MailServer("narod.ru ya.ru yandex.by yandex.com yandex.kz yandex.net yandex.ru yandex.ua", "smtp.yandex.com", 465, "implicit", "app password", "id.yandex.com/security/app-passwords", "2026-11-20", "yandex.com/support/passport/authorization/app-passwords.html"),
    MailServer("bk.ru corp.mail.ru inbox.ru list.ru mail.ru", "smtp.mail.ru", 465, "implicit", "app password", "account.mail.ru/user/2-step-auth/passwords", "2026-11-20", "help.mail.ru/mail/security/protection/external"),
    MailServer("foxmail.com qq.com", "smtp.qq.com", 465, "implicit", "app password", "service.mail.qq.com/cgi-bin/help?subtype=1&id=28&no=331", "2026-11-20", "service.mail.qq.com"),
    MailServer("163.com", "smtp.163.com", 465, "implicit", "app password", "mail.163.com", "2026-11-20", "github.com/thunderbird/autoconfig"),
    MailServer("mailbox.org", "smtp.mailbox.org", 465, "implicit", "password", "kb.mailbox.org/en/private/security-and-privacy/e-mail-password", "2026-11-20", "kb.mailbox.org/en/private/e-mail/e-mail-configuration"),
    MailServer("posteo.*", "posteo.de", 465, "implicit", "app password", "posteo.de/en/help/app-passwords", "2026-11-20", "github.com/chatmail/provider-db/pull/334"),
    MailServer("runbox.com", "smtp.runbox.com", 465, "implicit", "app password", "runbox.com/mail/account_security", "2026-11-20", "github.com/nodemailer/nodemailer"),
    MailServer("disroot.org", "disroot.org", 587, "starttls", "password", "", "2026-11-20", "github.com/nodemailer/nodemailer"),
    MailServer("btinternet.com btopenworld.com", "mail.btinternet.com", 465, "implicit", "password", "", "2026-11-20", "github.com/thunderbird/autoconfig"),
    MailServer("sky.com", "smtp.tools.sky.com", 465, "implicit", "app password", "", "2026-11-20", "github.com/thunderbird/autoconfig"),
    MailServer("blueyonder.co.uk ntlworld.com virginmedia.com", "smtp.virginmedia.com", 465, "implicit", "password", "", "2026-11-20", "github.com/thunderbird/autoconfig"),
    MailServer("bigpond.com bigpond.net.au", "smtp.telstra.com", 465, "implicit", "password", "", "2026-11-20", "github.com/thunderbird/autoconfig"),
    MailServer("libero.it", "smtp.libero.it", 465, "implicit", "password", "", "2026-11-20", "github.com/thunderbird/autoconfig"),
    MailServer("email.cz seznam.cz", "smtp.seznam.cz", 465, "implicit", "password", "", "2026-11-20", "github.com/thunderbird/autoconfig"),
    MailServer("naver.com", "smtp.naver.com", 465, "implicit", "app password", "", "2026-11-20", "github.com/thunderbird/autoconfig"),
]
# fmt: on


def find_mail_server(address: str) -> MailServer:
    """Return the mail server for a mailbox such as `you@gmail.com`.

    Raises `LookupError`, whose text is a whole sentence for the mailbox's owner, when it is not
    known or when no password works there.
    """
    from fnmatch import fnmatchcase  # only a mailbox without SMTP_HOST needs it

    domain = address.rpartition("@")[2].lower()
    for row in MAIL_SERVERS:
        if any(fnmatchcase(domain, pattern) for pattern in row.domains.split()):
            if row.login == "none":
                raise LookupError(f"{row.page}. Set SMTP_USER to another mailbox, such as Gmail.")
            return row
    raise LookupError(
        f"carriers.py knows no mail server for {domain}. Set SMTP_HOST to the one that your mail "
        "provider's help names as its outgoing (SMTP) server."
    )
