"""What real mail servers have said no with, each said again by a real one: what it is told as.

A row is a reply: its code and words, as smtplib hands them on, the command that is refused, and
words of the meaning in SMTP_ADVICE. The source stands above each: owner/name#number is an issue on
github.com. Names and addresses in them are replaced.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import nullcontext

import pytest
from phone import Phone, stranger

from textmyself import textmyself

SetUp = Callable[..., Phone]
pytestmark = pytest.mark.usefixtures("short_pauses")

# fmt: off
REPLIES = [
    # simonrob/email-oauth2-proxy#193 (2023-09-12)
    (535, b"5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the"
          b" Tenant. Visit https://aka.ms/smtp_auth_disabled for more information."
          b" [MN2PR05CA0004.namprd05.prod.outlook.com 2023-09-12T20:59:57.214Z 08DBB276B7E699C4]",
     "AUTH", "no passwords from programs"),
    # a page of Patch My PC's; the reply comes at MAIL
    (530, b"5.7.57 Client not authenticated to send mail. Error: 535 5.7.139 Authentication"
          b" unsuccessful, SmtpClientAuthentication is disabled for the Mailbox. Visit"
          b" https://aka.ms/smtp_auth_disabled for more information.",
     "MAIL", "no passwords from programs"),
    # docs.bookyourpto.com/features/smtp-troubleshoot
    (535, b"5.7.139 Authentication unsuccessful, user is locked by your organization's security"
          b" defaults policy. Contact your administrator.",
     "AUTH", "no passwords from programs"),
    # docs.bookyourpto.com/features/smtp-troubleshoot, and seen on 2026-07-01
    (535, b"5.7.139 Authentication unsuccessful, the request did not meet the criteria to be"
          b" authenticated successfully. Contact your administrator."
          b" [BN9PR03CA0716.namprd03.prod.outlook.com 2026-07-01T01:57:31.695Z 08DED6A3FAA75B29]",
     "AUTH", "no passwords from programs"),
    # OpenCTI-Platform/opencti#12069, which quotes Microsoft's Exchange blog (4114750); the command
    # at which it comes is not said there
    (550, b"5.7.30 Basic authentication is not supported for Client Submission.",
     "AUTH", "no passwords from programs"),
    # nodemailer/nodemailer#1714 (2025-01-26)
    (535, b"5.7.139 Authentication unsuccessful, basic authentication is disabled."
          b" [PN0PR01CA0024.INDPRD01.PROD.OUTLOOK.COM 2025-01-26T18:54:30.055Z 08DD3DD7D75D7743]",
     "AUTH", "no longer takes passwords"),
    # mageplaza/magento-2-smtp#108 (2018-09-26)
    (535, b"5.7.3 Authentication unsuccessful [DB6P18901CA0015.EURP189.PROD.OUTLOOK.COM]",
     "AUTH", "this user name and password"),
    # Der-Henning/tgtg#517 (2024-07-13)
    (534, b"5.7.9 Application-specific password required. For more information, go to\n5.7.9  "
          b"https://support.google.com/mail/?p=InvalidSecondFactor"
          b" ffacd0b85a97d-368119970e7sm1809147f8f.21 - gsmtp",
     "AUTH", "nothing but an app password"),
    # kootenpv/yagmail#111 (2018-05-15)
    (534, b"5.7.9 Please log in with your web browser and then try again. Learn more at\n5.7.9  "
          b"https://support.google.com/mail/?p=WebLoginRequired",
     "AUTH", "with a browser first"),
    # node-red/node-red-nodes#284 (2017-03-08), cut
    (534, b"5.7.14 <https://accounts.google.com/signin/continue?sarp=1&scc=1&plt=AKgnsbt-\n5.7.14"
          b" oxk1xidpoaostbBu24bi7IWN_wvO8> Please log in via your web browser and\n5.7.14 then try"
          b" again.\n5.7.14 Learn more at\n5.7.14 https://support.google.com/mail/answer/78754"
          b" k76sm6774626pfg.42 - gsmtp",
     "AUTH", "with a browser first"),
    # Der-Henning/tgtg#489 (2024-04-11)
    (535, b"5.7.8 Username and Password not accepted. For more information, go to\n5.7.8  "
          b"https://support.google.com/mail/?p=BadCredentials"
          b" v8-20020a05600c470800b004162020cee2sm5498654wmo.4 - gsmtp",
     "AUTH", "this user name and password"),
    # lewymati in iiuni/projektzapisy#960 (2020-09-11)
    (550, b"5.4.5 Daily user sending quota exceeded. s124sm6149838wme.29 - gsmtp",
     "DATA", "there were too many"),
    # woowacourse-teams/2025-ah-madda#635 (2025-08-22)
    (550, b"5.4.5 Daily user sending limit exceeded. For more information on Gmail\n5.4.5 sending"
          b" limits go to\n5.4.5  https://support.google.com/a/answer/166852"
          b" d2e1a72fcca58-76e7d551493sm9728466b3a.112 - gsmtp",
     "DATA", "there were too many"),
    # dawidd6/action-send-mail#196 (2024-02-09), from smtp.gmail.com at EHLO; the meaning is in
    # support.google.com/a/answer/3726730: the SMTP relay at the HELO stage
    (421, b"4.7.0 Try again later, closing connection. (EHLO)", "EHLO", "refused to talk"),
    # support.google.com/a/answer/3726730
    (421, b"4.7.0 Our system has detected an unusual rate of unsolicited mail originating from your"
          b" IP address. To protect our users from spam, mail sent from your IP address has been"
          b" temporarily blocked.",
     "DATA", "as a source of spam"),
    # support.google.com/a/answer/3726730
    (421, b"4.3.0 Temporary System Problem. Try again later", "MAIL", "does not take it now"),
    # guileen/node-sendmail#37 (2017-05-26), iredmail/iRedMail#264 (2024-09-02)
    (550, b"5.7.1 [192.0.2.73] The IP you're using to send mail is not authorized to\n5.7.1 send"
          b" email directly to our servers. Please use the SMTP relay at your\n5.7.1 service"
          b" provider instead. Learn more at\n5.7.1  https://support.google.com/mail/?p=NotAuthorizedError"
          b" f64si1223417pfg.362 - gsmtp",
     "DATA", "as a source of spam"),
    # smtp-relay.gmail.com
    (550, b"5.7.1 Invalid credentials for relay [192.0.2.244]. The IP address you've registered in"
          b" your Workspace SMTP Relay service doesn't match the domain of the account this email"
          b" is being sent from.",
     "MAIL", "only after a login"),
    # kootenpv/yagmail#268 (2023-10-16): at MAIL, as SIZE= told it
    (552, b"5.2.3 Your message exceeded Google's message size limits. Please visit\n5.2.3  "
          b"https://support.google.com/mail/?p=MaxSizeError to view our size\n5.2.3 guidelines."
          b" v10-20020a5d678a000000b0032d9f32b96csm1378829wru.62 - gsmtp",
     "MAIL", "mail too large"),
    # zokradonh/kopano-docker#409 (2020-06-11): Postfix
    (552, b"5.3.4 Message size exceeds fixed limit", "MAIL", "mail too large"),
    # freescout-help-desk/freescout#318 (2019-08-28)
    (554, b"Message rejected: Stream is more than 10485760 bytes long.", "DATA", "mail too large"),
    # pastebin.com/index/hHzMPWds (2017-06-19): Amazon SES after the end of data
    (554, b"Message rejected: Email address is not verified. The following identities failed the"
          b" check in region EU-WEST-1: root@ip-192-0-2-21.eu-west-1.compute.internal",
     "DATA", "verified there"),
    # docs.aws.amazon.com/ses/latest/dg/manage-sending-quotas-errors.html
    (454, b"Throttling failure: Daily message quota exceeded", "DATA", "there were too many"),
    # docs.aws.amazon.com/ses/latest/DeveloperGuide/smtp-response-codes.html
    (421, b"Too many concurrent SMTP connections", "MAIL", "does not take it now"),
    # chatwoot/chatwoot#2541 (2021-07-08), LandOfTheRair#308: SendGrid after the end of data
    (550, b"The from address does not match a verified Sender Identity. Mail cannot be sent until"
          b" this error is resolved. Visit https://sendgrid.com/docs/for-developers/sending-email/"
          b"sender-identity/ to see the Sender Identity requirements",
     "DATA", "verified there"),
    # namshi/docker-smtp#77 (2021-01-28): Exim by smtplib
    (550, b"relay not permitted", "RCPT", "only after a login"),
    # docker-mailserver/docker-mailserver#385 (2016-11-18): Postfix
    (554, b"5.7.1 <test@example.com>: Relay access denied", "RCPT", "only after a login"),
    # nodemailer/nodemailer#1480 (2022-11-03)
    (550, b"5.7.1 Relaying denied", "RCPT", "only after a login"),
    # root-io/vmail#68 (2016-04-30): Postfix, as a 4xx
    (454, b"4.7.1 <x@example.com>: Relay access denied", "RCPT", "only after a login"),
    # iCloud to smtplib; TryGhost/Ghost#17012 (2023-06-14)
    (550, b"5.7.0 From address is not one of your addresses", "MAIL", "send from this address"),
    # splitbrain/dokuwiki-plugin-smtp#38 (2020-05-12): Yandex
    (553, b"5.7.1 Sender address rejected: not owned by auth user.", "MAIL",
     "send from this address"),
    # r-raymond/nixos-mailserver#9 (2017-09-14): Postfix
    (553, b"5.7.1 <user2@example.com>: Sender address rejected: not owned by user"
          b" user2@example.com",
     "RCPT", "send from this address"),
    # hardware/mailserver#329 (2018): Postfix without a login
    (553, b"5.7.1 <user@example.com>: Sender address rejected: not logged in", "RCPT",
     "wants a login"),
    # sendmail
    (553, b"5.1.8 <x@example.com>... Domain of sender address x@example.com does not exist",
     "MAIL", "send from this address"),
    # gwu-libraries/sfm-ui#250 (2016-05-11): Yahoo, as the sender was another address
    (501, b"Syntax error in arguments", "MAIL", "mail from this address"),
    # swiftmailer/swiftmailer#1030 (2017-12-19)
    (550, b"5.7.60 SMTP; Client does not have permissions to send as this sender"
          b" [MW2PR1901MB2155.namprd19.prod.outlook.com]",
     "DATA", "send from this address"),
    # gophish/gophish#2900 (2023-06-27)
    (554, b"5.2.252 SendAsDenied; a@outlook.com not allowed to send as b@example.com;"
          b" STOREDRV.Submission.Exception:SendAsDeniedException.MapiExceptionSendAsDenied; Failed"
          b" to process message due to a permanent exception with message Cannot submit message.",
     "DATA", "send from this address"),
    # MicrosoftDocs/OfficeDocs-o365seccomp#643 (2019-05-14): a mailbox held for spam
    (550, b"5.1.8 Access denied, bad outbound sender", "DATA", "stopped your mailbox"),
    # devmehq/email-validator-js#100 (2022-10-04)
    (550, b"5.7.1 Service unavailable, Client host [192.0.2.1] blocked using Spamhaus. To request"
          b" removal from this list see https://www.spamhaus.org/query/ip/192.0.2.1",
     "MAIL", "as a source of spam"),
    # spamhaus/spamassassin-dqs#53 (2022-10-31): Postfix
    (554, b"5.7.1 Service unavailable; Client host [192.0.2.166] blocked using sbl.spamhaus.org",
     "RCPT", "as a source of spam"),
    # forwardemail/free-email-forwarding#219 (2020-04-12): iCloud's greeting
    (550, b"5.7.0 Blocked - see https://support.proofpoint.com/dnsbl-lookup.cgi?ip=192.0.2.185",
     "", "as a source of spam"),
    # ActiveCampaign/smtp-field-manual, 550.json: Gmail
    (550, b"5.1.1 The email account that you tried to reach does not exist. Please try\n5.1.1"
          b" double-checking the recipient's email address for typos or\n5.1.1 unnecessary spaces."
          b" Learn more at\n5.1.1  https://support.google.com/mail/?p=NoSuchUser - gsmtp",
     "RCPT", "address does not exist"),
    # the same: Proofpoint
    (550, b"5.1.1 <5559998888@example.com>: Recipient address rejected: User unknown", "RCPT",
     "address does not exist"),
    # the same: Yandex
    (550, b"5.7.1 No such user!", "RCPT", "address does not exist"),
    # the same: Office 365
    (550, b"5.4.1 [x@example.com]: Recipient address rejected: Access denied [example.com]",
     "RCPT", "no mail for your phone"),
    # the same: Yandex
    (550, b"5.7.1 Policy rejection on the target address", "RCPT", "no mail for your phone"),
    # the same: Gmail
    (550, b"5.7.1 Unauthenticated email from example.com is not accepted due to domain's DMARC"
          b" policy. Please contact the administrator of example.com domain if this was a"
          b" legitimate mail.",
     "DATA", "rejected it as spam"),
    # the same, 552.json: Gmail
    (552, b"5.2.2 The email account that you tried to reach is over quota. Please direct the"
          b" recipient to https://support.google.com/mail/?p=OverQuotaPerm - gsmtp",
     "RCPT", "is full"),
    # the same: GMX
    (552, b"Requested mail action aborted: exceeded storage allocation Quota exceeded.", "DATA",
     "is full"),
    # the same, 554.json: Yahoo
    (554, b"5.7.9 Message not accepted for policy reasons. See"
          b" https://help.yahoo.com/kb/postmaster/SLN7253.html",
     "DATA", "a rule of its own"),
    # the same: iCloud
    (554, b"5.7.1 [CS01] Message rejected due to local policy. Please visit"
          b" https://support.apple.com/en-us/HT204137",
     "DATA", "a rule of its own"),
    # PHPMailer/PHPMailer#2685 (2022-05-26): Yahoo after the end of data
    (550, b"Request failed; Mailbox unavailable", "DATA", "a rule of its own"),
    # PHPMailer/PHPMailer#3291 (2026-01-02): Yahoo
    (535, b"5.7.0 (#AUTH005) Too many bad auth attempts.", "AUTH", "too many wrong logins"),
    # marcpope/borgbackupserver#16 (2026-02-28), said to be Brevo
    (535, b"5.7.0 Invalid login or password", "AUTH", "this user name and password"),
    # the carriers' filter to Brevo
    (452, b"4.1.0 <bounces@example.com> server temporarily unavailable AUP#MXRT", "MAIL",
     "carrier's filter"),
    # Gmail and a chatmail server
    (530, b"5.7.0 Must issue a STARTTLS command first q19sm2934692qbq", "MAIL", "encrypted"),
    # Postfix's submission port without a login
    (554, b"5.7.1 <unknown[192.0.2.9]>: Client host rejected: Access denied", "RCPT",
     "wants a login"),
    # milter-greylist
    (451, b"4.7.1 Greylisting in action, please come back in 00:05:00", "RCPT",
     "does not take it now"),
    # RFC 4954, 6
    (530, b"5.7.0 Authentication required", "MAIL", "wants a login"),
    # RFC 4954, 6, in sisimai/p5-sisimai#129
    (454, b"4.7.0 Temporary authentication failure", "AUTH", "does not take it now"),
    # ActiveCampaign/smtp-field-manual, 550.json: Gmail
    (550, b"5.7.1 [192.0.2.5] Our system has detected that this message is likely suspicious due"
          b" to the very low reputation of the sending domain.",
     "DATA", "as a source of spam"),
    # nodemailer/nodemailer#952 (2018-10-30): a proxy's greeting
    (451, b"Request action aborted on MFE proxy, SMTP server is not available.", "",
     "does not take it now"),
    # RFC 5321, 4.2.3: the greeting of a server that takes no mail
    (554, b"No SMTP service here", "", "rejected this machine"),
    # mikechabot/smtp-email-spoofer-py#18 (2023-07-19)
    (550, b"relay access denied - please authenticate", "RCPT", "only after a login"),
    # codassassin/email-bomber-v2.0#1: Microsoft 365
    (535, b"5.7.139 Authentication unsuccessful, the user credentials were incorrect.", "AUTH",
     "does not take this user name and password"),
    # gophish/gophish#2921: Gmail, of a plain text
    (552, b"5.7.0 This message was blocked because its content presents a potential\n5.7.0"
          b" security issue. Please visit\n5.7.0 https://support.google.com/mail/?p=BlockedMessage",
     "DATA", "rejected it as spam"),
    # odoo/odoo#1493: Zoho, after a login
    (553, b"Relaying disallowed", "RCPT", "only after a login"),
    # Microsoft 365, in timeoff-management's #308
    (432, b"4.3.2 STOREDRV.ClientSubmit; sender thread limit exceeded", "DATA",
     "does not take it now"),
    # nodemailer/nodemailer#436: Amazon SES
    (454, b"Throttling failure: Maximum sending rate exceeded.", "DATA", "does not take it now"),
    # Tivix/django-cron#148
    (552, b"the from address and the authenticated user must be the same email. #ERR_AUTH_FAIL",
     "MAIL", "let you send from this address"),
    # postalserver/postal#1398
    (530, b"From/Sender name is not valid", "DATA", "let you send from this address"),
    # Fastmail
    (551, b"5.7.1 Not authorised to send from this header address", "DATA",
     "let you send from this address"),
    # roundcube/roundcubemail#6572
    (550, b"Incorrect sender header (LOCAL)", "DATA", "let you send from this address"),
    # gophish/gophish#521
    (422, b"Recipient mailbox busy, try again in 15 seconds", "DATA", "does not take it now"),
    # Exim
    (435, b"Unable to authenticate at present", "AUTH", "does not take it now"),
    # nodemailer/nodemailer#1060
    (504, b"5.7.4 Unrecognized authentication type", "AUTH", "takes no password"),
    # cachethq/cachet#3052: Zoho
    (550, b"5.4.6 Unusual sending activity detected. Please try after sometime", "DATA",
     "stopped your mailbox"),
    # mandarons/icloud-docker#163 (2023-10-18): Posteo
    (550, b"5.7.1 message content rejected", "DATA", "a rule of its own"),
]
# fmt: on


@pytest.mark.parametrize(
    ("code", "words", "command", "meaning"),
    REPLIES,
    ids=[f"{code} {words[:48].decode()}" for code, words, _, _ in REPLIES],
)
def test_a_reply_of_a_real_server_is_told_as_what_it_means(
    code: int, words: bytes, command: str, meaning: str, set_up: SetUp, phone: Phone
) -> None:
    *lines, last = words.decode().split("\n")
    reply = "".join(f"{code}-{line}\r\n" for line in lines) + f"{code} {last}"
    # Without a command it is the greeting, at a port without TLS at once.
    greeted = command != ""
    phone.smtp_replies = {{"DATA": "."}.get(command, command): reply} if greeted else {}
    tls = "implicit" if greeted else "starttls"
    server = nullcontext(phone.implicit_port) if greeted else stranger(f"{reply}\r\n".encode())
    with server as port:
        set_up("gateway", SMTP_PORT=str(port), SMTP_TLS=tls)
        receipt = textmyself("hello")
    assert (receipt.status, phone.texts) == ("not sent", [])
    [problem] = receipt.problems
    told = re.fullmatch(r"gateway: localhost (.*?) \((\d{3}) .*\)\. .+\.", problem)
    assert told
    assert meaning in told[1]
    assert told[2] == str(code)
    if greeted:
        # A no for now is tried once more.
        assert phone.verbs.count("EHLO") == (2 if code < 500 else 1)


@pytest.mark.parametrize(
    ("command", "reply", "act", "wrong"),
    [
        ("AUTH", "535 5.7.139 SmtpClientAuthentication is disabled for the Tenant.", "administrator", "Make an app password"),
        ("AUTH", "550 5.7.30 Basic authentication is not supported for Client Submission.", "administrator", "SMTP_FROM"),
        (".", "554 Message rejected: Email address is not verified.", "SMTP_FROM", "Change its words"),
        ("RCPT", "550 relay not permitted", "SMTP_USER", "MY_PHONE_NUMBER"),
        # getgrav/grav-plugin-email#77 (2017-12-17): Zoho, as the sender is not the account's address
        (".", "553 Relaying disallowed as test@example.com", "Set SMTP_FROM", "SMTP_PASSWORD"),
        # swapmyvote/swapmyvote#891 (2024-06-27): Mailgun
        (".", "421 Domain sandbox.example.org is not allowed to send: Sandbox subdomains are for test purposes only. Please add your own domain or add the address to authorized recipients in Account Settings.", "Verify", "later"),
        # anonaddy/anonaddy#713 (2025-01-22), mailcow/mailcow-dockerized#2282 (2019-02-08): Postfix
        ("RCPT", "554 5.7.1 Client host rejected: cannot find your reverse hostname, [192.0.2.2]", "elsewhere", "MY_PHONE_NUMBER"),
        ("RCPT", "450 4.7.1 Client host rejected: cannot find your reverse hostname, [192.0.2.2]", "elsewhere", "later"),
        # frappe/frappe#38806 (2026-04-22): Brevo; sendgrid/docs#6473 (2021-02-25)
        ("MAIL", "502 5.7.0 Please authenticate first", "SMTP_USER", "SMTP_FROM"),
        ("MAIL", "550 Unauthenticated senders not allowed", "SMTP_USER", "SMTP_FROM"),
        # support.google.com/a/answer/81126: Gmail, to a server of one's own
        (".", "550-5.7.26 This mail has been blocked because the sender is unauthenticated.\r\n550-5.7.26 Gmail requires all senders to authenticate with either SPF or DKIM.\r\n550 5.7.26 - gsmtp", "another mailbox", "Change"),
        # As Postfix, Exim and others word what is about this machine, the sender or the moment
        ("RCPT", "504 5.5.2 <x>: Helo command rejected: need fully-qualified hostname", "elsewhere", "MY_PHONE_NUMBER"),
        ("RCPT", "554 5.7.1 Client host rejected: Dynamic IP; use your provider's server", "elsewhere", "MY_PHONE_NUMBER"),
        (".", "550 5.7.25 The IP address sending this message does not have a PTR record setup", "elsewhere", "Change"),
        ("RCPT", "550 Sender verify failed", "SMTP_FROM", "MY_PHONE_NUMBER"),
        ("RCPT", "451 4.7.1 Greylisting enabled to fight spam, try again in 5 minutes", "Text again later", "Change"),
        (".", "432 4.3.2 Concurrent connections limit exceeded", "Text again later", "tomorrow"),
        ("AUTH", "535 5.7.0 Account locked", "Log in to the mailbox", "Check SMTP_USER"),
        (".", "554 5.1.8 Email Outgoing Blocked.", "support", "SMTP_FROM"),
        ("AUTH", "451 Maximum credits exceeded", "tomorrow", "later"),
        # qmail, Postfix, Exim and mox without a login; Brevo, cPanel and Amazon SES
        ("RCPT", "553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)", "SMTP_USER", "MY_PHONE_NUMBER"),
        ("RCPT", "551 we do not relay", "SMTP_USER", "MY_PHONE_NUMBER"),
        ("RCPT", "550 SMTP AUTH is required for message submission on port 587", "SMTP_USER", "MY_PHONE_NUMBER"),
        ("RCPT", "550 Must be authenticated", "SMTP_USER", "MY_PHONE_NUMBER"),
        ("RCPT", "503 AUTH command must be sent first", "SMTP_USER", "MY_PHONE_NUMBER"),
        ("MAIL", "553 authentication is required,163 smtp8", "SMTP_USER", "SMTP_FROM"),
        ("RCPT", "550 5.7.1 Unauthenticated mail not allowed from this range", "SMTP_USER", "MY_PHONE_NUMBER"),
        ("RCPT", "550 Your IP: 192.0.2.2 : Your domain example.org is not allowed in header From", "SMTP_FROM", "MY_PHONE_NUMBER"),
        ("AUTH", "525 5.7.1 Unauthorized IP address", "authorized IPs", "app password"),
        ("MAIL", "502 5.7.0 Your SMTP account is not yet activated", "support", "SMTP_FROM"),
        (".", "554 5.2.0 OutboundSpamException; verdict is Suspend", "support", "Change"),
        (".", "554 Access denied: User is not authorized to perform `ses:SendRawEmail'", "IAM", "Change"),
        ("RCPT", "550 Domain example.org has exceeded the max emails per hour (100/100) allowed", "tomorrow", "MY_PHONE_NUMBER"),
        (".", "552 5.2.0 sender exceeded the rate limit", "tomorrow", "picture"),
        ("RCPT", "550 Access denied - Invalid HELO name (See RFC2821 4.1.1.1)", "elsewhere", "MY_PHONE_NUMBER"),
        ("RCPT", "550 your IP has been found on a block list", "elsewhere", "MY_PHONE_NUMBER"),
        # Nearly the same words, about something else
        ("AUTH", "535 5.7.8 Two-factor authentication is required", "app password", "SMTP_USER"),
        ("AUTH", "502 5.5.1 AUTH command not implemented", "mail server that", "app password"),
        ("MAIL", "550 5.7.1 Sender domain must be authenticated", "SMTP_FROM", "SMTP_PASSWORD"),
        (".", "550 Unauthenticated mail from x is not accepted due to DMARC policy", "links", "SMTP_PASSWORD"),
        ("RCPT", "550 recipient suspend the service", "MY_PHONE_NUMBER", "support"),
        ("RCPT", "550 5.1.1 Mailbox not yet activated", "MY_PHONE_NUMBER", "support"),
        (".", "554 Missing sender header", "Change", "SMTP_FROM"),
        ("MAIL", "421 4.7.0 Connection rate limit reached", "Text again later", "tomorrow"),
        # What an address says is not what the server says.
        ("MAIL", "550 <you@spam-free.example.org>: sender refused", "SMTP_FROM", "Change"),
        # Postfix of a domain with a letter that is wrong
        ("RCPT", "450 4.1.2 <you@example.con>: Recipient address rejected: Domain not found", "MY_GATEWAY", "later"),
    ],
)  # fmt: skip
def test_a_refusal_that_is_known_by_its_words_says_what_helps(
    set_up: SetUp, phone: Phone, command: str, reply: str, act: str, wrong: str
) -> None:
    relay = {"SMTP_USER": None, "SMTP_PASSWORD": None, "SMTP_FROM": "you@example.com"}
    relay |= {"SMTP_PORT": str(phone.plain_port), "SMTP_TLS": "none"}
    set_up("gateway", **(relay if "relay" in reply else {}))
    phone.smtp_replies = {command: reply}
    [problem] = textmyself("hello").problems
    if "\r\n" not in reply:
        # No word of the server's is lost, but for what is cut.
        assert f"({reply[:200]}" in problem
    assert act in problem
    assert wrong not in problem
