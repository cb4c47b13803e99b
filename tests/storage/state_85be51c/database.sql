CREATE TABLE schema_version (number INTEGER PRIMARY KEY, name TEXT NOT NULL);
INSERT INTO "schema_version" VALUES(1,'0001_custody.sql');
INSERT INTO "schema_version" VALUES(2,'0002_journal.sql');
INSERT INTO "schema_version" VALUES(3,'0003_seal.sql');
INSERT INTO "schema_version" VALUES(4,'0004_content.sql');
INSERT INTO "schema_version" VALUES(10,'0010_arrival.sql');
INSERT INTO "schema_version" VALUES(100,'0100_directory.sql');
INSERT INTO "schema_version" VALUES(101,'0101_console.sql');
INSERT INTO "schema_version" VALUES(102,'0102_listings.sql');
INSERT INTO "schema_version" VALUES(110,'0110_quarantine.sql');
INSERT INTO "schema_version" VALUES(120,'0120_sightings.sql');
INSERT INTO "schema_version" VALUES(121,'0121_reports.sql');
CREATE TABLE item (
    id TEXT PRIMARY KEY,
    mail_id TEXT NOT NULL,
    tenant TEXT NOT NULL,
    direction TEXT NOT NULL,
    state TEXT NOT NULL,
    owner TEXT NOT NULL,
    accepted_at DOUBLE PRECISION NOT NULL,
    queued_at DOUBLE PRECISION,
    due_at DOUBLE PRECISION,
    delay BIGINT NOT NULL,
    waits INTEGER NOT NULL,
    holds TEXT NOT NULL,
    approvals TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    token BIGINT NOT NULL,
    version BIGINT NOT NULL,
    node TEXT NOT NULL,
    next_hop TEXT NOT NULL,
    reverse_path TEXT NOT NULL,
    ret TEXT NOT NULL,
    envid TEXT NOT NULL,
    body TEXT NOT NULL,
    smtputf8 INTEGER NOT NULL,
    peer TEXT NOT NULL,
    blob TEXT NOT NULL,
    original TEXT NOT NULL,
    size BIGINT NOT NULL,
    sha256 TEXT NOT NULL,
    summary TEXT NOT NULL,
    findings TEXT NOT NULL,
    rewrites TEXT NOT NULL,
    passphrase_source TEXT NOT NULL,
    secret BYTEA NOT NULL,
    search TEXT NOT NULL
, arrival TEXT NOT NULL DEFAULT '[]');
INSERT INTO "item" VALUES('agrcmiyvh2iofthy','agrcmiyvh2iofthy','default','inbound','held','',1.79593616313481307033e+09,NULL,1.79593616313481307033e+09,0,1,'["warning_score"]','[]',0,0,0,'','','amazon.support.2291@gmail.com','','','',0,'127.0.0.1','49da6602b74b898dacaeadb465131a78-4f1c','b9821ae54b3eb12cc725e0a6a7d6bdc4-431',20252,'047e16adf652f74e63b7bf81499079898f92b0897533f602ce90f4ed3129f88d','{"attachments":[],"author":"amazon.support.2291@gmail.com","author_name":"Amazonカスタマーサービス","cc":"","files":[],"hosts":["203.0.113.7"],"message_id":"<in339903076@gmail.com>","subject":"【重要】アカウントの確認が必要です","to":"taro@example.co.jp, hanako@example.co.jp"}','[{"control":"IN-LINK","evidence":[{"offset":34,"part":"2","quote":"www.amazon.co.jp → 203.0.113.7"}],"recipients":null,"rule":"false_link","values":{"host":"203.0.113.7","shown":"www.amazon.co.jp"},"weight":3},{"control":"IN-LINK","evidence":[{"offset":26,"part":"1","quote":"http://203.0.113.7/login"}],"recipients":null,"rule":"foreign_links","values":{"host":"203.0.113.7","name":"Amazon"},"weight":3},{"control":"IN-FREEMAIL","evidence":[{"offset":0,"part":"header:from","quote":"Amazonカスタマーサービス <amazon.support.2291@gmail.com>"}],"recipients":null,"rule":"freemail_sender","values":{"domain":"gmail.com"},"weight":2},{"control":"IN-LINK","evidence":[{"offset":26,"part":"1","quote":"http://203.0.113.7/login"}],"recipients":null,"rule":"numeric_link","values":{"host":"203.0.113.7"},"weight":2},{"control":"IN-SPOOF","evidence":[{"offset":0,"part":"header:from","quote":"Amazonカスタマーサービス <amazon.support.2291@gmail.com>"}],"recipients":null,"rule":"odd_sender","values":{"address":"amazon.support.2291@gmail.com"},"weight":2},{"control":"IN-SPOOF","evidence":[{"offset":0,"part":"header:from","quote":"Amazonカスタマーサービス <amazon.support.2291@gmail.com>"}],"recipients":null,"rule":"spoofed_name","values":{"address":"amazon.support.2291@gmail.com","name":"Amazonカスタマーサービス","other":"Amazon"},"weight":4},{"control":"IN-THEME","evidence":[{"offset":0,"part":"header:subject","quote":"【重要】アカウントの確認が必要です"},{"offset":4,"part":"1","quote":"お客様のアカウントは24時間以内に停止されます。 http://203.0.113.7/login"}],"recipients":null,"rule":"theme","values":{"family":"credentials","theme":"ID・パスワードの確認や利用制限","theme_en":"confirming a login or a locked account"},"weight":3},{"control":"IN-LINK","evidence":[{"offset":0,"part":"1","quote":"お客様のアカウントは24時間以内に停止されます。 https://www.amazon.co.jp/"}],"recipients":null,"rule":"thin_page","values":{},"weight":1},{"control":"IN-THEME","evidence":[{"offset":17,"part":"1","quote":"お客様のアカウントは24時間以内に停止されます。 http://203.0.113.7/login"},{"offset":10,"part":"1","quote":"お客様のアカウントは24時間以内に停止されます。 http://203.0.113.7/login"},{"offset":0,"part":"header:subject","quote":"【重要】アカウントの確認が必要です"}],"recipients":null,"rule":"urgency","values":{"words":"停止されます"},"weight":2}]','["banner","mark"]','',X'','agrcmiyvh2iofthy agrcmiyvh2iofthy amazon.support.2291@gmail.com <in339903076@gmail.com> 【重要】アカウントの確認が必要です amazon.support.2291@gmail.com amazonカスタマーサービス taro@example.co.jp hanako@example.co.jp','{"authentication":{"arc":"","believed":"","client":"","dkim":"","dkim_domains":[],"dmarc":"","dmarc_policy":"","forwarder":"","reserved":[],"signatures":[],"spf":"","spf_domain":"","spf_helo":false},"origin":{"helo":"client.example","listener":"inbound","login":"","peer":"127.0.0.1","tenant":"default","tls":"TLSv1.3 TLS_AES_256_GCM_SHA384"}}');
INSERT INTO "item" VALUES('agrcmiyvzdqui67x','agrcmiyvzdqui67x','default','inbound','done','',1.79593616327252531047e+09,1.79593616327252531047e+09,NULL,0,0,'[]','[]',1,1,2,'node1','','haisou.info77@gmail.com','','','',0,'127.0.0.1','af23d076c7c59b6ee7458493e42a4790-4b50','f2055877cb372cc71004f096b5e15064-396',19280,'eb4e8cffd7846892963cd45f0a38675439ee6bdeacf3436138f27fc3634c4218','{"attachments":[],"author":"haisou.info77@gmail.com","author_name":"配送センター","cc":"","files":[],"hosts":["bit.ly"],"message_id":"<in3026631306@gmail.com>","subject":"配送のお知らせ","to":"taro@example.co.jp, hanako@example.co.jp"}','[{"control":"IN-LINK","evidence":[{"offset":48,"part":"2","quote":"www.kuronekoyamato.co.jp → bit.ly"}],"recipients":null,"rule":"false_link","values":{"host":"bit.ly","shown":"www.kuronekoyamato.co.jp"},"weight":3},{"control":"IN-FREEMAIL","evidence":[{"offset":0,"part":"header:from","quote":"配送センター <haisou.info77@gmail.com>"}],"recipients":null,"rule":"freemail_sender","values":{"domain":"gmail.com"},"weight":2},{"control":"IN-SPOOF","evidence":[{"offset":0,"part":"header:from","quote":"配送センター <haisou.info77@gmail.com>"}],"recipients":null,"rule":"odd_sender","values":{"address":"haisou.info77@gmail.com"},"weight":2},{"control":"IN-LINK","evidence":[{"offset":14,"part":"1","quote":"http://bit.ly/3xYzAbC"}],"recipients":null,"rule":"short_link","values":{"host":"bit.ly"},"weight":2},{"control":"IN-LINK","evidence":[{"offset":0,"part":"1","quote":"ご確認ください。https://www.kuronekoyamato.co.jp/"}],"recipients":null,"rule":"thin_page","values":{},"weight":1}]','["banner","disarm","mark","text"]','',X'','agrcmiyvzdqui67x agrcmiyvzdqui67x haisou.info77@gmail.com <in3026631306@gmail.com> 配送のお知らせ haisou.info77@gmail.com 配送センター taro@example.co.jp hanako@example.co.jp','[]');
INSERT INTO "item" VALUES('agrcmiyvzdqui67x2','agrcmiyvzdqui67x','default','inbound','held','',1.79593616327252531047e+09,NULL,1.79593616327252531047e+09,0,1,'["disarmed"]','[]',0,0,0,'','','haisou.info77@gmail.com','','','',0,'127.0.0.1','52f062ea9bb6f72dcf3e01bea6b4078e-4b6f','ec78b8d0ed029b9e27713b26c73bc005-396',19311,'e684f97ada75c2bc5c75ba28fc12ca0f398127a3f2b21853a647e69117e55daf','{"attachments":[],"author":"haisou.info77@gmail.com","author_name":"配送センター","cc":"","files":[],"hosts":["bit.ly"],"message_id":"<in3026631306@gmail.com>","subject":"配送のお知らせ","to":"taro@example.co.jp, hanako@example.co.jp"}','[{"control":"IN-LINK","evidence":[{"offset":48,"part":"2","quote":"www.kuronekoyamato.co.jp → bit.ly"}],"recipients":null,"rule":"false_link","values":{"host":"bit.ly","shown":"www.kuronekoyamato.co.jp"},"weight":3},{"control":"IN-FREEMAIL","evidence":[{"offset":0,"part":"header:from","quote":"配送センター <haisou.info77@gmail.com>"}],"recipients":null,"rule":"freemail_sender","values":{"domain":"gmail.com"},"weight":2},{"control":"IN-SPOOF","evidence":[{"offset":0,"part":"header:from","quote":"配送センター <haisou.info77@gmail.com>"}],"recipients":null,"rule":"odd_sender","values":{"address":"haisou.info77@gmail.com"},"weight":2},{"control":"IN-LINK","evidence":[{"offset":14,"part":"1","quote":"http://bit.ly/3xYzAbC"}],"recipients":null,"rule":"short_link","values":{"host":"bit.ly"},"weight":2},{"control":"IN-LINK","evidence":[{"offset":0,"part":"1","quote":"ご確認ください。https://www.kuronekoyamato.co.jp/"}],"recipients":null,"rule":"thin_page","values":{},"weight":1}]','["banner","mark"]','',X'','agrcmiyvzdqui67x2 agrcmiyvzdqui67x haisou.info77@gmail.com <in3026631306@gmail.com> 配送のお知らせ haisou.info77@gmail.com 配送センター taro@example.co.jp hanako@example.co.jp','{"authentication":{"arc":"","believed":"","client":"","dkim":"","dkim_domains":[],"dmarc":"","dmarc_policy":"","forwarder":"","reserved":[],"signatures":[],"spf":"","spf_domain":"","spf_helo":false},"origin":{"helo":"client.example","listener":"inbound","login":"","peer":"127.0.0.1","tenant":"default","tls":"TLSv1.3 TLS_AES_256_GCM_SHA384"}}');
INSERT INTO "item" VALUES('agrcmiywj4pk3qk4','agrcmiywj4pk3qk4','default','inbound','held','',1.79593616340716099744e+09,NULL,1.79593616340716099744e+09,0,2,'["executable","warning_score"]','[]',0,0,0,'','','saiyo@jobs.example.org','','','',0,'127.0.0.1','20f87ec1c92a150e3c7a87ecb9c92e6a-9be','cd32273ded8d2c9c37478032fd3bf6a3-42f',2494,'da471108a5ba945c3badd629e2d88251b304a8ca081a9952270e60736e581f3a','{"attachments":["履歴書.pdf.exe"],"author":"saiyo@jobs.example.org","author_name":"","cc":"","files":["f0ea4ae62891494eeb0937f3d3444420d14b5043b11d29cd8ff2fc95f18c6b69"],"hosts":[],"message_id":"<in2252468446@jobs.example.org>","subject":"履歴書の送付","to":"taro@example.co.jp, hanako@example.co.jp"}','[{"control":"IN-DOUBLE-EXT","evidence":[{"offset":-1,"part":"2/履歴書.pdf.exe","quote":"履歴書.pdf.exe"}],"recipients":null,"rule":"double_extension","values":{"name":"履歴書.pdf.exe"},"weight":5},{"control":"IN-EXEC","evidence":[{"offset":-1,"part":"2/履歴書.pdf.exe","quote":"履歴書.pdf.exe"}],"recipients":null,"rule":"executable","values":{"kind":"exe","name":"履歴書.pdf.exe"},"weight":6},{"control":"IN-LOOKALIKE","evidence":[{"offset":0,"part":"header:from","quote":"jobs.example.org"}],"recipients":null,"rule":"lookalike","values":{"host":"jobs.example.org","how":"を含む","how_en":"contains the name of","name":"example.co.jp"},"weight":4}]','["banner","mark"]','',X'','agrcmiywj4pk3qk4 agrcmiywj4pk3qk4 saiyo@jobs.example.org <in2252468446@jobs.example.org> 履歴書の送付 saiyo@jobs.example.org taro@example.co.jp hanako@example.co.jp 履歴書.pdf.exe','{"authentication":{"arc":"","believed":"","client":"","dkim":"","dkim_domains":[],"dmarc":"","dmarc_policy":"","forwarder":"","reserved":[],"signatures":[],"spf":"","spf_domain":"","spf_helo":false},"origin":{"helo":"client.example","listener":"inbound","login":"","peer":"127.0.0.1","tenant":"default","tls":"TLSv1.3 TLS_AES_256_GCM_SHA384"}}');
INSERT INTO "item" VALUES('agrcmiywyhow6bcj','agrcmiywyhow6bcj','default','inbound','done','',1.79593616352149033541e+09,1.7959433661448521614e+09,NULL,0,0,'[]','[]',1,1,3,'node1','','update@vendor.example.org','','','',0,'127.0.0.1','c594ca157f73b6c192d86339ac1e2e42-920','f86cbf52f465bbf6ad7da2a236b0bf86-402',2336,'cb1e0490b63cd023ee9c3596318c97c89e829193087acb8aeab265e3941f76b4','{"attachments":["update.exe"],"author":"update@vendor.example.org","author_name":"","cc":"","files":["41e148eb8dd7d219d6e11b1df6c41218ec0a98838048653bd76d02c07e255842"],"hosts":[],"message_id":"<in4128641791@vendor.example.org>","subject":"更新プログラム","to":"taro@example.co.jp"}','[{"control":"IN-EXEC","evidence":[{"offset":-1,"part":"2/update.exe","quote":"update.exe"}],"recipients":null,"rule":"executable","values":{"kind":"exe","name":"update.exe"},"weight":6},{"control":"IN-LOOKALIKE","evidence":[{"offset":0,"part":"header:from","quote":"vendor.example.org"}],"recipients":null,"rule":"lookalike","values":{"host":"vendor.example.org","how":"を含む","how_en":"contains the name of","name":"example.co.jp"},"weight":4}]','["banner","mark"]','',X'','agrcmiywyhow6bcj agrcmiywyhow6bcj update@vendor.example.org <in4128641791@vendor.example.org> 更新プログラム update@vendor.example.org taro@example.co.jp update.exe','{"authentication":{"arc":"","believed":"","client":"","dkim":"","dkim_domains":[],"dmarc":"","dmarc_policy":"","forwarder":"","reserved":[],"signatures":[],"spf":"","spf_domain":"","spf_helo":false},"origin":{"helo":"client.example","listener":"inbound","login":"","peer":"127.0.0.1","tenant":"default","tls":"TLSv1.3 TLS_AES_256_GCM_SHA384"}}');
INSERT INTO "item" VALUES('agrcmiyw7mqogufa','agrcmiyw7mqogufa','default','inbound','withdrawn','',1.79593616357994627949e+09,NULL,NULL,0,1,'["executable"]','[]',0,0,1,'','','junk@vendor.example.org','','','',0,'127.0.0.1','0854ccd06855a8476f6458e9229a694c-912','b79591053166fc5b74b96698986a5ce9-3f6',2322,'c63010e3cd27673e3454da04e9b64d8c79390ac6f9116cc1ce83ac0902f518ae','{"attachments":["junk.exe"],"author":"junk@vendor.example.org","author_name":"","cc":"","files":["7a699e84955a76d4a7b4405915b35900ea489d3b36b2b82bf10503b68050190f"],"hosts":[],"message_id":"<in1934361028@vendor.example.org>","subject":"不要な添付","to":"taro@example.co.jp"}','[{"control":"IN-EXEC","evidence":[{"offset":-1,"part":"2/junk.exe","quote":"junk.exe"}],"recipients":null,"rule":"executable","values":{"kind":"exe","name":"junk.exe"},"weight":6},{"control":"IN-LOOKALIKE","evidence":[{"offset":0,"part":"header:from","quote":"vendor.example.org"}],"recipients":null,"rule":"lookalike","values":{"host":"vendor.example.org","how":"を含む","how_en":"contains the name of","name":"example.co.jp"},"weight":4}]','["banner","mark"]','',X'','agrcmiyw7mqogufa agrcmiyw7mqogufa junk@vendor.example.org <in1934361028@vendor.example.org> 不要な添付 junk@vendor.example.org taro@example.co.jp junk.exe','{"authentication":{"arc":"","believed":"","client":"","dkim":"","dkim_domains":[],"dmarc":"","dmarc_policy":"","forwarder":"","reserved":[],"signatures":[],"spf":"","spf_domain":"","spf_helo":false},"origin":{"helo":"client.example","listener":"inbound","login":"","peer":"127.0.0.1","tenant":"default","tls":"TLSv1.3 TLS_AES_256_GCM_SHA384"}}');
INSERT INTO "item" VALUES('agrcmiyxfwfbgmgv','agrcmiyxfwfbgmgv','default','inbound','held','',1.79593616362975716594e+09,NULL,1.79593616362975716594e+09,0,1,'["locked_attachment"]','[]',0,0,0,'','','buyer@client2.example.net','','','',0,'127.0.0.1','d80598776510dc8111e4a282c03b464d-8d3','e9287729bf9d146c2cf511ed03cf9f4a-3aa',2259,'1d235ab84f12e7f60b8a360fc237b1e9dcfcd9bfcc0f035bf87513b5ba46019a','{"attachments":["資料.zip"],"author":"buyer@client2.example.net","author_name":"","cc":"","files":["9d5e0b74b070b1de19ec1f7bc5979e1136fd188b8fd37e72c6e9694c1ee43102"],"hosts":[],"message_id":"<in391465205@client2.example.net>","subject":"資料の件","to":"taro@example.co.jp"}','[{"control":"IN-CRYPT","evidence":[{"offset":-1,"part":"2/資料.zip","quote":"資料.zip"}],"recipients":null,"rule":"locked_attachment","values":{"more":"","more_en":"","name":"資料.zip"},"weight":2},{"control":"IN-LOOKALIKE","evidence":[{"offset":0,"part":"header:from","quote":"client2.example.net"}],"recipients":null,"rule":"lookalike","values":{"host":"client2.example.net","how":"を含む","how_en":"contains the name of","name":"example.co.jp"},"weight":4}]','["banner","mark"]','',X'','agrcmiyxfwfbgmgv agrcmiyxfwfbgmgv buyer@client2.example.net <in391465205@client2.example.net> 資料の件 buyer@client2.example.net taro@example.co.jp 資料.zip','{"authentication":{"arc":"","believed":"","client":"","dkim":"","dkim_domains":[],"dmarc":"","dmarc_policy":"","forwarder":"","reserved":[],"signatures":[],"spf":"","spf_domain":"","spf_helo":false},"origin":{"helo":"client.example","listener":"inbound","login":"","peer":"127.0.0.1","tenant":"default","tls":"TLSv1.3 TLS_AES_256_GCM_SHA384"}}');
INSERT INTO "item" VALUES('agrcmiyxgibiphqc','agrcmiyxfwfbgmgv','default','notice','done','taro',1.79593616362975716594e+09,1.79593616362975716594e+09,NULL,0,0,'[]','[]',1,1,2,'node1','','','','','',0,'','87067f72ca8ce23b14ee4462c18fbed9-577','',1399,'de5515182d3f650194d92a09938280d4b0dc1e9eb2f5e7ce5af48448733b0e63','{"attachments":[],"author":"","author_name":"","cc":"","files":[],"hosts":[],"message_id":"","subject":"","to":""}','[]','[]','',X'','agrcmiyxgibiphqc agrcmiyxfwfbgmgv taro@example.co.jp','[]');
INSERT INTO "item" VALUES('agrcmiyxp3e7tyjn','agrcmiyxp3e7tyjn','default','inbound','done','',1.79593616371059656144e+09,1.79594336626295924186e+09,NULL,0,0,'[]','[]',1,1,3,'node1','','buyer@client2.example.net','','','',0,'127.0.0.1','863aeae67c7427ed0857081ff23b502c-555','8f85583c602246bf22acf25e1e5f0ccf-3ad',1365,'6be4ffca0dd496a8627cb4f2a028fba653c7382a32d365f2464928970182522c','{"attachments":["資料2.zip"],"author":"buyer@client2.example.net","author_name":"","cc":"","files":["b8bd47768b6b312c7964c542b832a37c793bcd0a40fad10dee51713f8d4320f7"],"hosts":[],"message_id":"<in222735570@client2.example.net>","subject":"資料の件 2","to":"taro@example.co.jp"}','[{"control":"IN-LOOKALIKE","evidence":[{"offset":0,"part":"header:from","quote":"client2.example.net"}],"recipients":null,"rule":"lookalike","values":{"host":"client2.example.net","how":"を含む","how_en":"contains the name of","name":"example.co.jp"},"weight":4}]','[]','',X'','agrcmiyxp3e7tyjn agrcmiyxp3e7tyjn buyer@client2.example.net <in222735570@client2.example.net> 資料の件 2 buyer@client2.example.net taro@example.co.jp 資料2.zip','{"authentication":{"arc":"","believed":"","client":"","dkim":"","dkim_domains":[],"dmarc":"","dmarc_policy":"","forwarder":"","reserved":[],"signatures":[],"spf":"","spf_domain":"","spf_helo":false},"origin":{"helo":"client.example","listener":"inbound","login":"","peer":"127.0.0.1","tenant":"default","tls":"TLSv1.3 TLS_AES_256_GCM_SHA384"}}');
INSERT INTO "item" VALUES('agrcmiyxqqthvmuk','agrcmiyxp3e7tyjn','default','notice','done','taro',1.79593616371059656144e+09,1.79593616371059656144e+09,NULL,0,0,'[]','[]',1,1,2,'node1','','','','','',0,'','cd9482fb33808147a75fd6ba25186534-57b','',1403,'4c00a6d908c2e22cbadd0296befcac1baa5e42918b46538a69753ab2aac52a9a','{"attachments":[],"author":"","author_name":"","cc":"","files":[],"hosts":[],"message_id":"","subject":"","to":""}','[]','[]','',X'','agrcmiyxqqthvmuk agrcmiyxp3e7tyjn taro@example.co.jp','[]');
INSERT INTO "item" VALUES('agrcnehuzde3htje','agrcnehuzde3htje','default','notice','done','hanako',1.79594336378461837773e+09,1.79594336378461837773e+09,NULL,0,0,'[]','[]',1,1,2,'node1','','','','','',0,'','1a28ea3b7ec3772cf75ef509d6e09b78-1b00','',6912,'00faff1a1de4b958d94722637790d257102ae3daba4c875d05b9d19e23f46e6a','{"attachments":[],"author":"","author_name":"","cc":"","files":[],"hosts":[],"message_id":"","subject":"","to":""}','[]','[]','',X'','agrcnehuzde3htje agrcnehuzde3htje hanako@example.co.jp','[]');
INSERT INTO "item" VALUES('agrcnehu2fq47vfp','agrcnehu2fq47vfp','default','notice','done','taro',1.79594336379333329202e+09,1.79594336379333329202e+09,NULL,0,0,'[]','[]',1,1,2,'node1','','','','','',0,'','92199c3fe2a82de6e6d4bc5fb6655f6e-2fdc','',12252,'ebc1a4f1d005d4f17d79cbefd386b2395591a7842469029fcf8b94245a67694c','{"attachments":[],"author":"","author_name":"","cc":"","files":[],"hosts":[],"message_id":"","subject":"","to":""}','[]','[]','',X'','agrcnehu2fq47vfp agrcnehu2fq47vfp taro@example.co.jp','[]');
INSERT INTO "item" VALUES('agrcnehvtlcx2hsd','agrcnehvtlcx2hsd','default','outbound','done','taro',1.79594336399340629576e+09,1.79594336399340629576e+09,NULL,0,0,'[]','[]',1,1,2,'node1','','taro@example.co.jp','','','',0,'127.0.0.1','a9955201723d6b5d2898762a24b2e833-217','',535,'47c3daadb3f443e9234a8381b1cec0a04b4d371d0bf9eacb698891ac3e54efce','{"attachments":[],"author":"taro@example.co.jp","author_name":"山田太郎","cc":"","files":[],"hosts":[],"message_id":"<out3129888069@example.co.jp>","subject":"昼食の件","to":"hanako@example.co.jp"}','[]','[]','',X'','agrcnehvtlcx2hsd agrcnehvtlcx2hsd taro@example.co.jp <out3129888069@example.co.jp> 昼食の件 taro@example.co.jp 山田太郎 hanako@example.co.jp','[]');
INSERT INTO "item" VALUES('agrcnehv534gqhv6','agrcnehv534gqhv6','default','outbound','held','taro',1.79594336407180047042e+09,NULL,1.79594366907180047034e+09,305,0,'[]','[]',0,0,0,'','','taro@example.co.jp','','','',0,'127.0.0.1','0fd88c435dfe73636f07810885140f9b-244','',580,'fe1a84e0a9fd12880a84a03679a0ab2063e693ab50cb9d929488af2223f2113e','{"attachments":[],"author":"taro@example.co.jp","author_name":"山田太郎","cc":"","files":[],"hosts":[],"message_id":"<out3256923594@example.co.jp>","subject":"お見積りの件","to":"sato@client1.example.net"}','[{"control":"OUT-DELAY","evidence":[],"recipients":[0],"rule":"external_recipient","values":{"count":"1"},"weight":0}]','[]','',X'','agrcnehv534gqhv6 agrcnehv534gqhv6 taro@example.co.jp <out3256923594@example.co.jp> お見積りの件 taro@example.co.jp 山田太郎 sato@client1.example.net','[]');
INSERT INTO "item" VALUES('agrcnehwmzqluqgx','agrcnehwmzqluqgx','default','outbound','held','taro',1.79594336418095636368e+09,NULL,1.7959436691809563636e+09,305,1,'[]','["department_head"]',0,0,0,'','','taro@example.co.jp','','','',0,'127.0.0.1','d9ae9dc251178b8aabcccab39dc260aa-e73','fdb10307862fc04c44c505453b50ddf3-7c5',3699,'320e7753a0330cafe66159474b18d1849b98a9e2bd824beb5e193cd6d290679d','{"attachments":["販売計画.docx"],"author":"taro@example.co.jp","author_name":"山田太郎","cc":"","files":[],"hosts":[],"message_id":"<out3119100567@example.co.jp>","subject":"計画の送付","to":"sato@client1.example.net"}','[{"control":"OUT-APPROVE","evidence":[{"offset":0,"part":"2/販売計画.docx/word/document.xml","quote":"社外秘 新製品の販売計画 来年"}],"recipients":null,"rule":"class_approval","values":{"approver":"department_head","what":"社外秘"},"weight":0},{"control":"OUT-ENCRYPT","evidence":[{"offset":0,"part":"2/販売計画.docx/word/document.xml","quote":"社外秘 新製品の販売計画 来年"}],"recipients":null,"rule":"confidential_attachment","values":{"name":"販売計画.docx","what":"社外秘"},"weight":0},{"control":"OUT-DELAY","evidence":[],"recipients":[0],"rule":"external_recipient","values":{"count":"1"},"weight":0}]','["encrypt"]','generated',X'01518DFD24433DE64331DBE330E79BB6356F493723BC8503FD9443E1768F6A369E15B21C4DEC632609EE3C3ED4155AB47B12C4AB16','agrcnehwmzqluqgx agrcnehwmzqluqgx taro@example.co.jp <out3119100567@example.co.jp> 計画の送付 taro@example.co.jp 山田太郎 sato@client1.example.net 販売計画.docx','[]');
INSERT INTO "item" VALUES('agrcnehxe54jmigy','agrcnehxe54jmigy','default','outbound','held','taro',1.79594336438421821591e+09,NULL,1.79594366938421821596e+09,305,1,'[]','["department_head"]',0,0,0,'','','taro@example.co.jp','','','',0,'127.0.0.1','9fea13ce9c22c739b66edb6c003e1d9c-e77','aab7f92e4385164c5b212946b904aaaa-7c7',3703,'429a0aa61394e70991f1ff21edfffb8e0736da6ce7b65d7785185e0b86a646da','{"attachments":["販売計画.docx"],"author":"taro@example.co.jp","author_name":"山田太郎","cc":"","files":[],"hosts":[],"message_id":"<out1158759364@example.co.jp>","subject":"計画の共有","to":"suzuki@partner.example.com"}','[{"control":"OUT-APPROVE","evidence":[{"offset":0,"part":"2/販売計画.docx/word/document.xml","quote":"社外秘 新製品の販売計画 来年"}],"recipients":null,"rule":"class_approval","values":{"approver":"department_head","what":"社外秘"},"weight":0},{"control":"OUT-ENCRYPT","evidence":[{"offset":0,"part":"2/販売計画.docx/word/document.xml","quote":"社外秘 新製品の販売計画 来年"}],"recipients":null,"rule":"confidential_attachment","values":{"name":"販売計画.docx","what":"社外秘"},"weight":0},{"control":"OUT-DELAY","evidence":[],"recipients":[0],"rule":"external_recipient","values":{"count":"1"},"weight":0}]','["encrypt"]','domain',X'','agrcnehxe54jmigy agrcnehxe54jmigy taro@example.co.jp <out1158759364@example.co.jp> 計画の共有 taro@example.co.jp 山田太郎 suzuki@partner.example.com 販売計画.docx','[]');
INSERT INTO "item" VALUES('agrcnehx3o5avntj','agrcnehx3o5avntj','default','outbound','withdrawn','taro',1.79594336457025909427e+09,NULL,NULL,305,0,'[]','[]',0,0,1,'','','taro@example.co.jp','','','',0,'127.0.0.1','f9f88f7fbcdbec7ba7d36ad40e8cdbca-221','',545,'24838c622d0e22872e0e309bf292198a700a99a80153d0941ee9f43e88bf0740','{"attachments":[],"author":"taro@example.co.jp","author_name":"山田太郎","cc":"","files":[],"hosts":[],"message_id":"<out1453410711@example.co.jp>","subject":"誤送信","to":"wrong@client9.example.net"}','[{"control":"OUT-DELAY","evidence":[],"recipients":[0],"rule":"external_recipient","values":{"count":"1"},"weight":0}]','[]','',X'','agrcnehx3o5avntj agrcnehx3o5avntj taro@example.co.jp <out1453410711@example.co.jp> 誤送信 taro@example.co.jp 山田太郎 wrong@client9.example.net','[]');
INSERT INTO "item" VALUES('agrcnehyuzirmg5q','agrcnehyuzirmg5q','default','outbound','done','taro',1.79594336477313923838e+09,1.7959433659822583198e+09,NULL,305,0,'[]','[]',1,1,3,'node1','','taro@example.co.jp','','','',0,'127.0.0.1','2c246b573aac7fc94198c4b87a80a30b-226','',550,'5d45db563484241acf0c24d499abb4e4f1edb6de8188f6c9643d5b3b6592d5df','{"attachments":[],"author":"taro@example.co.jp","author_name":"山田太郎","cc":"","files":[],"hosts":[],"message_id":"<out1983356826@example.co.jp>","subject":"至急のご連絡","to":"sato@client1.example.net, tanaka@client2.example.net"}','[{"control":"OUT-DELAY","evidence":[],"recipients":[0,1],"rule":"external_recipient","values":{"count":"2"},"weight":0}]','[]','',X'','agrcnehyuzirmg5q agrcnehyuzirmg5q taro@example.co.jp <out1983356826@example.co.jp> 至急のご連絡 taro@example.co.jp 山田太郎 sato@client1.example.net tanaka@client2.example.net','[]');
INSERT INTO "item" VALUES('agrcnehzpm55lved','agrcnehzpm55lved','default','outbound','held','taro',1.79594336498607635502e+09,NULL,NULL,305,0,'[]','[]',0,0,1,'','','taro@example.co.jp','','','',0,'127.0.0.1','f876a7afddeda32bfa6448b20964b808-220','',544,'aafb439d1f7428d0e8fbe187686edd439e213bae266fb25872358ff77ac7c2a8','{"attachments":[],"author":"taro@example.co.jp","author_name":"山田太郎","cc":"","files":[],"hosts":[],"message_id":"<out3873842466@example.co.jp>","subject":"一時停止","to":"sato@client1.example.net"}','[{"control":"OUT-DELAY","evidence":[],"recipients":[0],"rule":"external_recipient","values":{"count":"1"},"weight":0}]','[]','',X'','agrcnehzpm55lved agrcnehzpm55lved taro@example.co.jp <out3873842466@example.co.jp> 一時停止 taro@example.co.jp 山田太郎 sato@client1.example.net','[]');
INSERT INTO "item" VALUES('agrcneh2i6rfcvxn','agrcneh2i6rfcvxn','default','outbound','held','taro',1.79594336518937468531e+09,NULL,1.79594367018937468524e+09,305,0,'[]','[]',0,0,0,'','','taro@example.co.jp','','','',0,'127.0.0.1','481f2b17284da58b0f54caff4928cd61-212','85900d972e0a66da04702683c34815fb-212',530,'d6b55454f86e71c11abc7d6d7e1ed41f2b48555123bd04b167c2fc0afa72b802','{"attachments":[],"author":"taro@example.co.jp","author_name":"山田太郎","cc":"","files":[],"hosts":[],"message_id":"<out2522969788@example.co.jp>","subject":"年末のご挨拶","to":"buyer1@client1.example.net, buyer2@client2.example.net, buyer3@client3.example.net, buyer4@client4.example.net, buyer5@client5.example.net, buyer6@client6.example.net, buyer7@client7.example.net"}','[{"control":"OUT-DELAY","evidence":[],"recipients":[0,1,2,3,4,5,6],"rule":"external_recipient","values":{"count":"7"},"weight":0},{"control":"OUT-BCC","evidence":[{"offset":-1,"part":"header:to","quote":"buyer1@client1.example.net, buyer2@client2.example.net, buyer3@client3.example.net, buyer4@client4.example.net, buyer5@client5.example.net"}],"recipients":[0,1,2,3,4,5,6],"rule":"many_external","values":{"count":"7","domains":"7"},"weight":0}]','["bcc"]','',X'','agrcneh2i6rfcvxn agrcneh2i6rfcvxn taro@example.co.jp <out2522969788@example.co.jp> 年末のご挨拶 taro@example.co.jp 山田太郎 buyer1@client1.example.net buyer2@client2.example.net buyer3@client3.example.net buyer4@client4.example.net buyer5@client5.example.net buyer6@client6.example.net buyer7@client7.example.net','[]');
INSERT INTO "item" VALUES('agrcneh3cogx7ezt','agrcneh3cogx7ezt','default','outbound','done','taro',1.79594336538487243655e+09,1.79594336538487243655e+09,NULL,0,0,'[]','[]',1,1,2,'node1','','taro@example.co.jp','','','',0,'127.0.0.1','24a7003ded2ac53efe75d4f665e2e7c1-86e3','',34531,'55e12c8d7506657e9c53b8ce4afb94686486c114bc68b71a18114b7fdb3b3e9f','{"attachments":[],"author":"taro@example.co.jp","author_name":"山田太郎","cc":"","files":[],"hosts":[],"message_id":"<out3926309588@example.co.jp>","subject":"大きな資料","to":"hanako@example.co.jp"}','[]','[]','',X'','agrcneh3cogx7ezt agrcneh3cogx7ezt taro@example.co.jp <out3926309588@example.co.jp> 大きな資料 taro@example.co.jp 山田太郎 hanako@example.co.jp','[]');
INSERT INTO "item" VALUES('agrcneh37kj5yndo','agrcneh37kj5yndo','default','outbound','held','taro',1.79594336561719536784e+09,NULL,1.79594367061719536776e+09,305,1,'[]','["president"]',0,0,0,'','','taro@example.co.jp','','','',0,'127.0.0.1','a47fe0739ca442d87c69edce38f29eb9-e15','010db773424eaf1b4590ff74d6304993-765',3605,'ec6b9eb17f5ee6baf1583dd486048d05d5a4400983004c244ce56a1fd0fe6565','{"attachments":["条件.docx"],"author":"taro@example.co.jp","author_name":"山田太郎","cc":"","files":[],"hosts":[],"message_id":"<out1177067912@example.co.jp>","subject":"買収の件","to":"sato@client1.example.net"}','[{"control":"OUT-APPROVE","evidence":[{"offset":0,"part":"2/条件.docx/word/document.xml","quote":"極秘 買収の条件 条件は次の"}],"recipients":null,"rule":"class_approval","values":{"approver":"president","what":"極秘"},"weight":0},{"control":"OUT-ENCRYPT","evidence":[{"offset":0,"part":"2/条件.docx/word/document.xml","quote":"極秘 買収の条件 条件は次の"}],"recipients":null,"rule":"confidential_attachment","values":{"name":"条件.docx","what":"極秘"},"weight":0},{"control":"OUT-DELAY","evidence":[],"recipients":[0],"rule":"external_recipient","values":{"count":"1"},"weight":0}]','["encrypt"]','generated',X'01518DFD24771E24F13A5473B51DCD615B30653FDF2EAB35DF837F666E2BACBC8006064CA7A6736658BD9BDD5BDDDD81A5FCBA1D53','agrcneh37kj5yndo agrcneh37kj5yndo taro@example.co.jp <out1177067912@example.co.jp> 買収の件 taro@example.co.jp 山田太郎 sato@client1.example.net 条件.docx','[]');
INSERT INTO "item" VALUES('agrcneh4vtwoeifd','agrcneh4vtwoeifd','default','outbound','withdrawn','taro',1.79594336579635834687e+09,NULL,NULL,305,1,'[]','["president"]',0,0,1,'','','taro@example.co.jp','','','',0,'127.0.0.1','c6296f2ed03eb588b6c1b388e22f9fb9-e1d','fb85fbea1eda11ce1f050f9f094d7bc9-76d',3613,'b252dbd5a771baf8568ccaf0bf59da185dd39aa69f50dad06d87ada62376ab28','{"attachments":["条件.docx"],"author":"taro@example.co.jp","author_name":"山田太郎","cc":"","files":[],"hosts":[],"message_id":"<out3636368969@example.co.jp>","subject":"却下される件","to":"sato@client1.example.net"}','[{"control":"OUT-APPROVE","evidence":[{"offset":0,"part":"2/条件.docx/word/document.xml","quote":"極秘 買収の条件 条件は次の"}],"recipients":null,"rule":"class_approval","values":{"approver":"president","what":"極秘"},"weight":0},{"control":"OUT-ENCRYPT","evidence":[{"offset":0,"part":"2/条件.docx/word/document.xml","quote":"極秘 買収の条件 条件は次の"}],"recipients":null,"rule":"confidential_attachment","values":{"name":"条件.docx","what":"極秘"},"weight":0},{"control":"OUT-DELAY","evidence":[],"recipients":[0],"rule":"external_recipient","values":{"count":"1"},"weight":0}]','["encrypt"]','generated',X'01518DFD24CD5B18FE712428BF26B705321B83DC441A0D0AA05EBF2BAC8ADB6718E0D3BD965A032BA966B76633393782468169D5B4','agrcneh4vtwoeifd agrcneh4vtwoeifd taro@example.co.jp <out3636368969@example.co.jp> 却下される件 taro@example.co.jp 山田太郎 sato@client1.example.net 条件.docx','[]');
INSERT INTO "item" VALUES('agrcneh674iqrng6','agrcmiywyhow6bcj','default','notice','done','taro',1.79594336639920687677e+09,1.79594336639920687677e+09,NULL,0,0,'[]','[]',1,1,2,'node1','','','','','',0,'','f8c79ad4c4327f5ef2b720b6adf00d5a-2bb','',699,'5133420005c3087bef2832e41e56c6801b15d65046ceed0faa87103eb312aa67','{"attachments":[],"author":"","author_name":"","cc":"","files":[],"hosts":[],"message_id":"","subject":"","to":""}','[]','[]','',X'','agrcneh674iqrng6 agrcmiywyhow6bcj taro@example.co.jp','[]');
INSERT INTO "item" VALUES('agrcneh7adlynbb3','agrcmiyw7mqogufa','default','notice','done','taro',1.79594336640086913109e+09,1.79594336640086913109e+09,NULL,0,0,'[]','[]',1,1,2,'node1','','','','','',0,'','51fe7e5fb0218544887a4230dba07ef5-2cb','',715,'5061cc68980d94d260720a377488fd976af804835a4ad715a7b9628930a6ed85','{"attachments":[],"author":"","author_name":"","cc":"","files":[],"hosts":[],"message_id":"","subject":"","to":""}','[]','[]','',X'','agrcneh7adlynbb3 agrcmiyw7mqogufa taro@example.co.jp','[]');
INSERT INTO "item" VALUES('agrcneh7cai5dmhi','agrcneh7cai5dmhi','default','notice','done','admin',1.79594336641677713396e+09,1.79594336641677713396e+09,NULL,0,0,'[]','[]',1,1,2,'node1','','','','','',0,'','d7b4c5e7761dd88f37eb94223eb98000-3ec','',1004,'3f265169e35dc095bd47af3377d32d2b1b3709073793f558a4067c4c200b11ad','{"attachments":[],"author":"","author_name":"","cc":"","files":[],"hosts":[],"message_id":"","subject":"","to":""}','[]','[]','',X'','agrcneh7cai5dmhi agrcneh7cai5dmhi admin@example.co.jp','[]');
INSERT INTO "item" VALUES('agrcneh7vqu6u363','agrcmiyvzdqui67x','default','notice','done','hanako',1.79594336655351471902e+09,1.79594336655351471902e+09,NULL,0,0,'[]','[]',1,1,2,'node1','','','','','',0,'','b7ce11a570d262d964bfd796d5443a95-3b7','',951,'b1b3f35941ece57de8e37d5eac920ce3d7cfd04419676ed0a4e97e43923f97ff','{"attachments":[],"author":"","author_name":"","cc":"","files":[],"hosts":[],"message_id":"","subject":"","to":""}','[]','[]','',X'','agrcneh7vqu6u363 agrcmiyvzdqui67x hanako@example.co.jp','[]');
INSERT INTO "item" VALUES('agrcneiakdch7aef','agrcmiyvh2iofthy','default','notice','done','taro',1.79594336673215150827e+09,1.79594336673215150827e+09,NULL,0,0,'[]','[]',1,1,2,'node1','','','','','',0,'','29a9544a29526c33a92b68d9de26db5b-687','',1671,'723fc14e4a060574452019231d7129de8966fb1e94b60d26c60c7556592f1565','{"attachments":[],"author":"","author_name":"","cc":"","files":[],"hosts":[],"message_id":"","subject":"","to":""}','[]','[]','',X'','agrcneiakdch7aef agrcmiyvh2iofthy taro@example.co.jp','[]');
CREATE TABLE recipient (
    item TEXT NOT NULL REFERENCES item (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    address TEXT NOT NULL,
    notify TEXT NOT NULL,
    orcpt TEXT NOT NULL,
    status TEXT NOT NULL,
    reply TEXT NOT NULL,
    at DOUBLE PRECISION NOT NULL, mailbox TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (item, number)
);
INSERT INTO "recipient" VALUES('agrcmiyvh2iofthy',0,'taro@example.co.jp','','','waiting','',0.0,'taro@example.co.jp');
INSERT INTO "recipient" VALUES('agrcmiyvh2iofthy',1,'hanako@example.co.jp','','','waiting','',0.0,'hanako@example.co.jp');
INSERT INTO "recipient" VALUES('agrcmiyvzdqui67x',0,'taro@example.co.jp','','','delivered','250 2.0.0 Caught',1.79593616333017659192e+09,'taro@example.co.jp');
INSERT INTO "recipient" VALUES('agrcmiyvzdqui67x',1,'hanako@example.co.jp','','','delivered','250 2.0.0 Caught',1.79593616333017659192e+09,'hanako@example.co.jp');
INSERT INTO "recipient" VALUES('agrcmiyvzdqui67x2',0,'taro@example.co.jp','','','waiting','',0.0,'taro@example.co.jp');
INSERT INTO "recipient" VALUES('agrcmiyvzdqui67x2',1,'hanako@example.co.jp','','','waiting','',0.0,'hanako@example.co.jp');
INSERT INTO "recipient" VALUES('agrcmiywj4pk3qk4',0,'taro@example.co.jp','','','waiting','',0.0,'taro@example.co.jp');
INSERT INTO "recipient" VALUES('agrcmiywj4pk3qk4',1,'hanako@example.co.jp','','','waiting','',0.0,'hanako@example.co.jp');
INSERT INTO "recipient" VALUES('agrcmiywyhow6bcj',0,'taro@example.co.jp','','','delivered','250 2.0.0 Caught',1.79594336615371894839e+09,'taro@example.co.jp');
INSERT INTO "recipient" VALUES('agrcmiyw7mqogufa',0,'taro@example.co.jp','','','withdrawn','',1.79594336618722462657e+09,'taro@example.co.jp');
INSERT INTO "recipient" VALUES('agrcmiyxfwfbgmgv',0,'taro@example.co.jp','','','waiting','',0.0,'taro@example.co.jp');
INSERT INTO "recipient" VALUES('agrcmiyxgibiphqc',0,'taro@example.co.jp','NEVER','','delivered','250 2.0.0 Caught',1.795936163656850338e+09,'taro@example.co.jp');
INSERT INTO "recipient" VALUES('agrcmiyxp3e7tyjn',0,'taro@example.co.jp','','','delivered','250 2.0.0 Caught',1.79594336627677440649e+09,'taro@example.co.jp');
INSERT INTO "recipient" VALUES('agrcmiyxqqthvmuk',0,'taro@example.co.jp','NEVER','','delivered','250 2.0.0 Caught',1.79593616373316240309e+09,'taro@example.co.jp');
INSERT INTO "recipient" VALUES('agrcnehuzde3htje',0,'hanako@example.co.jp','NEVER','','delivered','250 2.0.0 Caught',1.79594336380209183695e+09,'hanako@example.co.jp');
INSERT INTO "recipient" VALUES('agrcnehu2fq47vfp',0,'taro@example.co.jp','NEVER','','delivered','250 2.0.0 Caught',1.7959433638252913952e+09,'taro@example.co.jp');
INSERT INTO "recipient" VALUES('agrcnehvtlcx2hsd',0,'hanako@example.co.jp','','','delivered','250 2.0.0 Caught',1.79594336402130961422e+09,'hanako@example.co.jp');
INSERT INTO "recipient" VALUES('agrcnehv534gqhv6',0,'sato@client1.example.net','','','waiting','',0.0,'sato@client1.example.net');
INSERT INTO "recipient" VALUES('agrcnehwmzqluqgx',0,'sato@client1.example.net','','','waiting','',0.0,'sato@client1.example.net');
INSERT INTO "recipient" VALUES('agrcnehxe54jmigy',0,'suzuki@partner.example.com','','','waiting','',0.0,'suzuki@partner.example.com');
INSERT INTO "recipient" VALUES('agrcnehx3o5avntj',0,'wrong@client9.example.net','','','withdrawn','',1.79594336594162178044e+09,'wrong@client9.example.net');
INSERT INTO "recipient" VALUES('agrcnehyuzirmg5q',0,'sato@client1.example.net','','','delivered','250 2.0.0 Caught',1.79594336599484562873e+09,'sato@client1.example.net');
INSERT INTO "recipient" VALUES('agrcnehyuzirmg5q',1,'tanaka@client2.example.net','','','delivered','250 2.0.0 Caught',1.79594336599484562873e+09,'tanaka@client2.example.net');
INSERT INTO "recipient" VALUES('agrcnehzpm55lved',0,'sato@client1.example.net','','','waiting','',0.0,'sato@client1.example.net');
INSERT INTO "recipient" VALUES('agrcneh2i6rfcvxn',0,'buyer1@client1.example.net','','','waiting','',0.0,'buyer1@client1.example.net');
INSERT INTO "recipient" VALUES('agrcneh2i6rfcvxn',1,'buyer2@client2.example.net','','','waiting','',0.0,'buyer2@client2.example.net');
INSERT INTO "recipient" VALUES('agrcneh2i6rfcvxn',2,'buyer3@client3.example.net','','','waiting','',0.0,'buyer3@client3.example.net');
INSERT INTO "recipient" VALUES('agrcneh2i6rfcvxn',3,'buyer4@client4.example.net','','','waiting','',0.0,'buyer4@client4.example.net');
INSERT INTO "recipient" VALUES('agrcneh2i6rfcvxn',4,'buyer5@client5.example.net','','','waiting','',0.0,'buyer5@client5.example.net');
INSERT INTO "recipient" VALUES('agrcneh2i6rfcvxn',5,'buyer6@client6.example.net','','','waiting','',0.0,'buyer6@client6.example.net');
INSERT INTO "recipient" VALUES('agrcneh2i6rfcvxn',6,'buyer7@client7.example.net','','','waiting','',0.0,'buyer7@client7.example.net');
INSERT INTO "recipient" VALUES('agrcneh3cogx7ezt',0,'hanako@example.co.jp','','','delivered','250 2.0.0 Caught',1.7959433654452335834e+09,'hanako@example.co.jp');
INSERT INTO "recipient" VALUES('agrcneh37kj5yndo',0,'sato@client1.example.net','','','waiting','',0.0,'sato@client1.example.net');
INSERT INTO "recipient" VALUES('agrcneh4vtwoeifd',0,'sato@client1.example.net','','','withdrawn','',1.79594336629295969007e+09,'sato@client1.example.net');
INSERT INTO "recipient" VALUES('agrcneh674iqrng6',0,'taro@example.co.jp','NEVER','','delivered','250 2.0.0 Caught',1.79594336640513873096e+09,'taro@example.co.jp');
INSERT INTO "recipient" VALUES('agrcneh7adlynbb3',0,'taro@example.co.jp','NEVER','','delivered','250 2.0.0 Caught',1.79594336642151331906e+09,'taro@example.co.jp');
INSERT INTO "recipient" VALUES('agrcneh7cai5dmhi',0,'admin@example.co.jp','NEVER','','delivered','250 2.0.0 Caught',1.79594336642875957487e+09,'admin@example.co.jp');
INSERT INTO "recipient" VALUES('agrcneh7vqu6u363',0,'hanako@example.co.jp','NEVER','','delivered','250 2.0.0 Caught',1.79594336661884880065e+09,'hanako@example.co.jp');
INSERT INTO "recipient" VALUES('agrcneiakdch7aef',0,'taro@example.co.jp','NEVER','','delivered','250 2.0.0 Caught',1.79594336675719237327e+09,'taro@example.co.jp');
CREATE TABLE journal (
    node TEXT NOT NULL,
    seq BIGINT NOT NULL,
    at DOUBLE PRECISION NOT NULL,
    event TEXT NOT NULL,
    actor TEXT NOT NULL,
    item TEXT NOT NULL,
    mail_id TEXT NOT NULL,
    tenant TEXT NOT NULL,
    detail TEXT NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (node, seq)
);
INSERT INTO "journal" VALUES('node1',1,1.79594336217061257363e+09,'login','taro','','','default','{"once":false,"peer":"127.0.0.1"}','dd46f40c422ab8ce1e0d0015a67f3a5ca3a30120062d812fa58422afcaf8aeab');
INSERT INTO "journal" VALUES('node1',2,1.79594336234183335303e+09,'login','hanako','','','default','{"once":false,"peer":"127.0.0.1"}','a7883572437c71eaed98abc3671ce8772898872f6517427d76596b92b85ae838');
INSERT INTO "journal" VALUES('node1',3,1.79594336249783706666e+09,'login','shacho','','','default','{"once":false,"peer":"127.0.0.1"}','283cf29ec9243419ff49322deba15eb3c6460d33af2177bce2a4b26cdc1882d0');
INSERT INTO "journal" VALUES('node1',4,1.79594336265539312362e+09,'login','admin','','','default','{"once":false,"peer":"127.0.0.1"}','9abd9ec3f7eabeb798a1e4fb9c4686cc5ef5a177de5e6947c3c2249d5c533c02');
INSERT INTO "journal" VALUES('node1',5,1.79593616287267279622e+09,'pass','node1','','agrcmiyuhbuhiz3p','default','{"author":"sato@client1.example.net","author_name":"","direction":"inbound","from":"sato@client1.example.net","message_id":"<in626698601@client1.example.net>","peer":"127.0.0.1","replies":["250 2.0.0 Caught"],"rules":["lookalike"],"subject":"Re: お見積りの件","to":["taro@example.co.jp"],"warned":false,"why":[["lookalike",{"host":"client1.example.net","how":"を含む","how_en":"contains the name of","name":"example.co.jp"}]]}','5459c014b7446f6bc88974708a63a044c2b13c2a6f71103d20a01eb5aacee578');
INSERT INTO "journal" VALUES('node1',6,1795936163.00185,'pass','node1','','agrcmiyuxhwaciz6','default','{"author":"keiri@client5.example.net","author_name":"","direction":"inbound","from":"keiri@client5.example.net","message_id":"<in2565900061@client5.example.net>","peer":"127.0.0.1","replies":["250 2.0.0 Caught","250 2.0.0 Caught"],"rules":["lookalike"],"subject":"請求書について","to":["taro@example.co.jp","hanako@example.co.jp"],"warned":false,"why":[["lookalike",{"host":"client5.example.net","how":"を含む","how_en":"contains the name of","name":"example.co.jp"}]]}','5f383482733208b41e4f653eb07e1e2132914514f5ba17a809ddda9d79654b1a');
INSERT INTO "journal" VALUES('node1',7,1.79593616313481307033e+09,'accept','127.0.0.1','agrcmiyvh2iofthy','agrcmiyvh2iofthy','default','{"approvals":[],"author":"amazon.support.2291@gmail.com","author_name":"Amazonカスタマーサービス","direction":"inbound","due_at":1795936163.134813,"findings":["false_link","foreign_links","freemail_sender","numeric_link","odd_sender","spoofed_name","theme","thin_page","urgency"],"from":"amazon.support.2291@gmail.com","holds":["warning_score"],"hosts":["203.0.113.7"],"message_id":"<in339903076@gmail.com>","rewrites":["banner","mark"],"sha256":"047e16adf652f74e63b7bf81499079898f92b0897533f602ce90f4ed3129f88d","size":20252,"state":"held","subject":"【重要】アカウントの確認が必要です","to":["taro@example.co.jp","hanako@example.co.jp"],"warned":true,"why":[["spoofed_name",{"address":"amazon.support.2291@gmail.com","name":"Amazonカスタマーサービス","other":"Amazon"}],["false_link",{"host":"203.0.113.7","shown":"www.amazon.co.jp"}],["foreign_links",{"host":"203.0.113.7","name":"Amazon"}],["theme",{"family":"credentials","theme":"ID・パスワードの確認や利用制限","theme_en":"confirming a login or a locked account"}],["freemail_sender",{"domain":"gmail.com"}],["numeric_link",{"host":"203.0.113.7"}],["odd_sender",{"address":"amazon.support.2291@gmail.com"}],["urgency",{"words":"停止されます"}]]}','71762f9b3ec09a944d60251cf5a7a654d744e32bccb3f6720710470c658aea97');
INSERT INTO "journal" VALUES('node1',8,1.79593616327252531047e+09,'accept','127.0.0.1','agrcmiyvzdqui67x','agrcmiyvzdqui67x','default','{"approvals":[],"author":"haisou.info77@gmail.com","author_name":"配送センター","direction":"inbound","due_at":1795936163.2725253,"findings":["false_link","freemail_sender","odd_sender","short_link","thin_page"],"from":"haisou.info77@gmail.com","holds":[],"hosts":["bit.ly"],"message_id":"<in3026631306@gmail.com>","rewrites":["banner","disarm","mark","text"],"sha256":"eb4e8cffd7846892963cd45f0a38675439ee6bdeacf3436138f27fc3634c4218","size":19280,"state":"queued","subject":"配送のお知らせ","to":["taro@example.co.jp","hanako@example.co.jp"],"warned":true,"why":[["false_link",{"host":"bit.ly","shown":"www.kuronekoyamato.co.jp"}],["freemail_sender",{"domain":"gmail.com"}],["odd_sender",{"address":"haisou.info77@gmail.com"}],["short_link",{"host":"bit.ly"}],["thin_page",{}]]}','65286032553eb83f1759d7b3b6d3ac82febfe116e333872823bb540a56ce3398');
INSERT INTO "journal" VALUES('node1',9,1.79593616327252531047e+09,'accept','127.0.0.1','agrcmiyvzdqui67x2','agrcmiyvzdqui67x','default','{"approvals":[],"author":"haisou.info77@gmail.com","author_name":"配送センター","direction":"inbound","due_at":1795936163.2725253,"findings":["false_link","freemail_sender","odd_sender","short_link","thin_page"],"from":"haisou.info77@gmail.com","holds":["disarmed"],"hosts":["bit.ly"],"message_id":"<in3026631306@gmail.com>","rewrites":["banner","mark"],"sha256":"e684f97ada75c2bc5c75ba28fc12ca0f398127a3f2b21853a647e69117e55daf","size":19311,"state":"held","subject":"配送のお知らせ","to":["taro@example.co.jp","hanako@example.co.jp"],"warned":true,"why":[["false_link",{"host":"bit.ly","shown":"www.kuronekoyamato.co.jp"}],["freemail_sender",{"domain":"gmail.com"}],["odd_sender",{"address":"haisou.info77@gmail.com"}],["short_link",{"host":"bit.ly"}],["thin_page",{}]]}','b3e2f02074038184bff951d2d8c2752dc2b3a02e5fdfe8ad1133745b6a9cb6ce');
INSERT INTO "journal" VALUES('node1',10,1.79593616331215310101e+09,'lease','dispatcher','agrcmiyvzdqui67x','agrcmiyvzdqui67x','default','{"token":1}','0626f850e9d47a5282833befe296670b102c975bac1971d6299b1581516a9734');
INSERT INTO "journal" VALUES('node1',11,1.79593616333017659192e+09,'finish','dispatcher','agrcmiyvzdqui67x','agrcmiyvzdqui67x','default','{"outcomes":[[0,"delivered","250 2.0.0 Caught"],[1,"delivered","250 2.0.0 Caught"]],"to":"done","token":1}','3deb67ae5f372cd93f0603d6f9d23baa3be3adf70ddbe0147dfd98ea2789faa2');
INSERT INTO "journal" VALUES('node1',12,1.79593616340716099744e+09,'accept','127.0.0.1','agrcmiywj4pk3qk4','agrcmiywj4pk3qk4','default','{"approvals":[],"attachments":["履歴書.pdf.exe"],"author":"saiyo@jobs.example.org","author_name":"","direction":"inbound","due_at":1795936163.407161,"files":["f0ea4ae62891494eeb0937f3d3444420d14b5043b11d29cd8ff2fc95f18c6b69"],"findings":["double_extension","executable","lookalike"],"from":"saiyo@jobs.example.org","holds":["executable","warning_score"],"message_id":"<in2252468446@jobs.example.org>","rewrites":["banner","mark"],"sha256":"da471108a5ba945c3badd629e2d88251b304a8ca081a9952270e60736e581f3a","size":2494,"state":"held","subject":"履歴書の送付","to":["taro@example.co.jp","hanako@example.co.jp"],"warned":true,"why":[["executable",{"kind":"exe","name":"履歴書.pdf.exe"}],["double_extension",{"name":"履歴書.pdf.exe"}],["lookalike",{"host":"jobs.example.org","how":"を含む","how_en":"contains the name of","name":"example.co.jp"}]]}','aaf2745dc6428ac3f7bdfbc5a92feb933165c0e14f2b4a7f7a275238e73e7dfa');
INSERT INTO "journal" VALUES('node1',13,1.79593616352149033541e+09,'accept','127.0.0.1','agrcmiywyhow6bcj','agrcmiywyhow6bcj','default','{"approvals":[],"attachments":["update.exe"],"author":"update@vendor.example.org","author_name":"","direction":"inbound","due_at":1795936163.5214903,"files":["41e148eb8dd7d219d6e11b1df6c41218ec0a98838048653bd76d02c07e255842"],"findings":["executable","lookalike"],"from":"update@vendor.example.org","holds":["executable"],"message_id":"<in4128641791@vendor.example.org>","rewrites":["banner","mark"],"sha256":"cb1e0490b63cd023ee9c3596318c97c89e829193087acb8aeab265e3941f76b4","size":2336,"state":"held","subject":"更新プログラム","to":["taro@example.co.jp"],"warned":true,"why":[["executable",{"kind":"exe","name":"update.exe"}],["lookalike",{"host":"vendor.example.org","how":"を含む","how_en":"contains the name of","name":"example.co.jp"}]]}','45c14cb473efa8e2d7ec62f8287850574d23d248073c2cf18017d780f0b3f94c');
INSERT INTO "journal" VALUES('node1',14,1.79593616357994627949e+09,'accept','127.0.0.1','agrcmiyw7mqogufa','agrcmiyw7mqogufa','default','{"approvals":[],"attachments":["junk.exe"],"author":"junk@vendor.example.org","author_name":"","direction":"inbound","due_at":1795936163.5799463,"files":["7a699e84955a76d4a7b4405915b35900ea489d3b36b2b82bf10503b68050190f"],"findings":["executable","lookalike"],"from":"junk@vendor.example.org","holds":["executable"],"message_id":"<in1934361028@vendor.example.org>","rewrites":["banner","mark"],"sha256":"c63010e3cd27673e3454da04e9b64d8c79390ac6f9116cc1ce83ac0902f518ae","size":2322,"state":"held","subject":"不要な添付","to":["taro@example.co.jp"],"warned":true,"why":[["executable",{"kind":"exe","name":"junk.exe"}],["lookalike",{"host":"vendor.example.org","how":"を含む","how_en":"contains the name of","name":"example.co.jp"}]]}','0dc9b1e288d04dc1e79a3c52fb82f6fe7e98c0883d32222d558ce44d581a8cc9');
INSERT INTO "journal" VALUES('node1',15,1.79593616362975716594e+09,'accept','127.0.0.1','agrcmiyxfwfbgmgv','agrcmiyxfwfbgmgv','default','{"approvals":[],"attachments":["資料.zip"],"author":"buyer@client2.example.net","author_name":"","direction":"inbound","due_at":1795936163.6297572,"files":["9d5e0b74b070b1de19ec1f7bc5979e1136fd188b8fd37e72c6e9694c1ee43102"],"findings":["locked_attachment","lookalike"],"from":"buyer@client2.example.net","holds":["locked_attachment"],"message_id":"<in391465205@client2.example.net>","rewrites":["banner","mark"],"sha256":"1d235ab84f12e7f60b8a360fc237b1e9dcfcd9bfcc0f035bf87513b5ba46019a","size":2259,"state":"held","subject":"資料の件","to":["taro@example.co.jp"],"warned":true,"why":[["lookalike",{"host":"client2.example.net","how":"を含む","how_en":"contains the name of","name":"example.co.jp"}],["locked_attachment",{"more":"","more_en":"","name":"資料.zip"}]]}','41e48d932108ff2cb1a0fe10b175eabd6faf4d45dbe64470714e1821b7d650d0');
INSERT INTO "journal" VALUES('node1',16,1.79593616362975716594e+09,'accept','127.0.0.1','agrcmiyxgibiphqc','agrcmiyxfwfbgmgv','default','{"approvals":[],"direction":"notice","due_at":1795936163.6297572,"findings":[],"from":"","holds":[],"rewrites":[],"sha256":"de5515182d3f650194d92a09938280d4b0dc1e9eb2f5e7ce5af48448733b0e63","size":1399,"state":"queued","to":["taro@example.co.jp"]}','b1d294eacad8838181b025cf385deb7de305f23d95b266d77ce92742e9d6ab06');
INSERT INTO "journal" VALUES('node1',17,1.7959361636439607143e+09,'lease','dispatcher','agrcmiyxgibiphqc','agrcmiyxfwfbgmgv','default','{"token":1}','c458e4b113979cdcef9a2969de8579c976c79dd828d7b6db3d9eadc138f37523');
INSERT INTO "journal" VALUES('node1',18,1.795936163656850338e+09,'finish','dispatcher','agrcmiyxgibiphqc','agrcmiyxfwfbgmgv','default','{"outcomes":[[0,"delivered","250 2.0.0 Caught"]],"to":"done","token":1}','60aa182f31a4f4bffb8527e1feb266ddf029357d39bfa598cb08ed1d822a5d50');
INSERT INTO "journal" VALUES('node1',19,1.79593616371059656144e+09,'accept','127.0.0.1','agrcmiyxp3e7tyjn','agrcmiyxp3e7tyjn','default','{"approvals":[],"attachments":["資料2.zip"],"author":"buyer@client2.example.net","author_name":"","direction":"inbound","due_at":1795936163.7105966,"files":["b8bd47768b6b312c7964c542b832a37c793bcd0a40fad10dee51713f8d4320f7"],"findings":["locked_attachment","lookalike"],"from":"buyer@client2.example.net","holds":["locked_attachment"],"message_id":"<in222735570@client2.example.net>","rewrites":["banner","mark"],"sha256":"69949ef8086afb99454b0d704c524facee0f395dc8d0f269c4ca2eba89eaef7e","size":2263,"state":"held","subject":"資料の件 2","to":["taro@example.co.jp"],"warned":true,"why":[["lookalike",{"host":"client2.example.net","how":"を含む","how_en":"contains the name of","name":"example.co.jp"}],["locked_attachment",{"more":"","more_en":"","name":"資料2.zip"}]]}','c7b9bf32589bb1ce08cb5e95ddfd5eea8ca0847117349ef869b5764b54a73a87');
INSERT INTO "journal" VALUES('node1',20,1.79593616371059656144e+09,'accept','127.0.0.1','agrcmiyxqqthvmuk','agrcmiyxp3e7tyjn','default','{"approvals":[],"direction":"notice","due_at":1795936163.7105966,"findings":[],"from":"","holds":[],"rewrites":[],"sha256":"4c00a6d908c2e22cbadd0296befcac1baa5e42918b46538a69753ab2aac52a9a","size":1403,"state":"queued","to":["taro@example.co.jp"]}','67822fee23bcd0e0bf36e79a85d74260592f066dcd96149ce274914e94bc3248');
INSERT INTO "journal" VALUES('node1',21,1.79593616372795104982e+09,'lease','dispatcher','agrcmiyxqqthvmuk','agrcmiyxp3e7tyjn','default','{"token":1}','df895f1bcb94419f36ed2118b08c4c20432a1ad4543136aa680320affd0da51e');
INSERT INTO "journal" VALUES('node1',22,1.79593616373316240309e+09,'finish','dispatcher','agrcmiyxqqthvmuk','agrcmiyxp3e7tyjn','default','{"outcomes":[[0,"delivered","250 2.0.0 Caught"]],"to":"done","token":1}','87535ca85d9eba762ae772318ce7df17e76b9e4187f212ec2bf233fc3fa30b02');
INSERT INTO "journal" VALUES('node1',23,1.79594336378461837773e+09,'accept','keeper','agrcnehuzde3htje','agrcnehuzde3htje','default','{"approvals":[],"direction":"notice","due_at":1795943363.7846184,"findings":[],"from":"","holds":[],"rewrites":[],"sha256":"00faff1a1de4b958d94722637790d257102ae3daba4c875d05b9d19e23f46e6a","size":6912,"state":"queued","to":["hanako@example.co.jp"]}','b9938f9c5c6127a28feceb3f5f2851222b38d1a8868fb309b98748e5679f02a6');
INSERT INTO "journal" VALUES('node1',24,1.79594336379273200035e+09,'lease','dispatcher','agrcnehuzde3htje','agrcnehuzde3htje','default','{"token":1}','212a23d191b6c9567bfff93aa4c52bc76eaf79b1456349d62dad126d9c283889');
INSERT INTO "journal" VALUES('node1',25,1.79594336379333329202e+09,'accept','keeper','agrcnehu2fq47vfp','agrcnehu2fq47vfp','default','{"approvals":[],"direction":"notice","due_at":1795943363.7933333,"findings":[],"from":"","holds":[],"rewrites":[],"sha256":"ebc1a4f1d005d4f17d79cbefd386b2395591a7842469029fcf8b94245a67694c","size":12252,"state":"queued","to":["taro@example.co.jp"]}','4b21b8e4009dbf5b6b90898fff73909694a883ede6fbe72c240d59f4a13b6f84');
INSERT INTO "journal" VALUES('node1',26,1.79594336379987287526e+09,'lease','dispatcher','agrcnehu2fq47vfp','agrcnehu2fq47vfp','default','{"token":1}','b71f52adf529ae76051f06875ce7e6a9f9ce54637058055949764552bb255c32');
INSERT INTO "journal" VALUES('node1',27,1.79594336380209183695e+09,'finish','dispatcher','agrcnehuzde3htje','agrcnehuzde3htje','default','{"outcomes":[[0,"delivered","250 2.0.0 Caught"]],"to":"done","token":1}','48c17a3fcb7c15e5572922746d7fcb388888ef8fba75863192a87feb5d878781');
INSERT INTO "journal" VALUES('node1',28,1.7959433638252913952e+09,'finish','dispatcher','agrcnehu2fq47vfp','agrcnehu2fq47vfp','default','{"outcomes":[[0,"delivered","250 2.0.0 Caught"]],"to":"done","token":1}','d3e3c4e193304172a804287d4e42872bcdc06460fa4b46b03dc25236e90d9d6f');
INSERT INTO "journal" VALUES('node1',29,1.79594336399340629576e+09,'accept','taro','agrcnehvtlcx2hsd','agrcnehvtlcx2hsd','default','{"approvals":[],"direction":"outbound","due_at":1795943363.9934063,"findings":[],"from":"taro@example.co.jp","holds":[],"rewrites":[],"sha256":"47c3daadb3f443e9234a8381b1cec0a04b4d371d0bf9eacb698891ac3e54efce","size":535,"state":"queued","to":["hanako@example.co.jp"]}','cae2f3062242aaf8c1d65876cc1252c634f10982cbb783ac7511d156da4fb6f8');
INSERT INTO "journal" VALUES('node1',30,1.79594336399639773371e+09,'lease','dispatcher','agrcnehvtlcx2hsd','agrcnehvtlcx2hsd','default','{"token":1}','5870f580d41d00af5bc512cf685194a66ab339c19771dff813bb85e04d0fb7f5');
INSERT INTO "journal" VALUES('node1',31,1.79594336402130961422e+09,'finish','dispatcher','agrcnehvtlcx2hsd','agrcnehvtlcx2hsd','default','{"outcomes":[[0,"delivered","250 2.0.0 Caught"]],"to":"done","token":1}','448f1901cc8d2d36d33e28e78d33c87a377c511fd681b938dabfb130ba675704');
INSERT INTO "journal" VALUES('node1',32,1.79594336407180047042e+09,'accept','taro','agrcnehv534gqhv6','agrcnehv534gqhv6','default','{"approvals":[],"direction":"outbound","due_at":1795943669.0718005,"findings":["external_recipient"],"from":"taro@example.co.jp","holds":[],"rewrites":[],"sha256":"fe1a84e0a9fd12880a84a03679a0ab2063e693ab50cb9d929488af2223f2113e","size":580,"state":"held","to":["sato@client1.example.net"]}','bd750c031437f61a4da22968b9d9de391bb5468112453504deab758efc25c33f');
INSERT INTO "journal" VALUES('node1',33,1.79594336418095636368e+09,'accept','taro','agrcnehwmzqluqgx','agrcnehwmzqluqgx','default','{"approvals":["department_head"],"direction":"outbound","due_at":1795943669.1809564,"findings":["class_approval","confidential_attachment","external_recipient"],"from":"taro@example.co.jp","holds":[],"rewrites":["encrypt"],"sha256":"320e7753a0330cafe66159474b18d1849b98a9e2bd824beb5e193cd6d290679d","size":3699,"state":"held","to":["sato@client1.example.net"]}','5c87f6d2b6019a58d2cb8217ab86269f8fcffec007554cadbaf1544ad961b398');
INSERT INTO "journal" VALUES('node1',34,1.79594336438421821591e+09,'accept','taro','agrcnehxe54jmigy','agrcnehxe54jmigy','default','{"approvals":["department_head"],"direction":"outbound","due_at":1795943669.3842182,"findings":["class_approval","confidential_attachment","external_recipient"],"from":"taro@example.co.jp","holds":[],"rewrites":["encrypt"],"sha256":"429a0aa61394e70991f1ff21edfffb8e0736da6ce7b65d7785185e0b86a646da","size":3703,"state":"held","to":["suzuki@partner.example.com"]}','6abd5c0313b7e5de66ff007d93b572d8161bdc34d606013f036e73e320eaa198');
INSERT INTO "journal" VALUES('node1',35,1.79594336457025909427e+09,'accept','taro','agrcnehx3o5avntj','agrcnehx3o5avntj','default','{"approvals":[],"direction":"outbound","due_at":1795943669.570259,"findings":["external_recipient"],"from":"taro@example.co.jp","holds":[],"rewrites":[],"sha256":"24838c622d0e22872e0e309bf292198a700a99a80153d0941ee9f43e88bf0740","size":545,"state":"held","to":["wrong@client9.example.net"]}','247e9d310b41d5c9214d09c99b83e9e17a05b454a3cb811dc8a4189b455316ef');
INSERT INTO "journal" VALUES('node1',36,1.79594336477313923838e+09,'accept','taro','agrcnehyuzirmg5q','agrcnehyuzirmg5q','default','{"approvals":[],"direction":"outbound","due_at":1795943669.7731392,"findings":["external_recipient"],"from":"taro@example.co.jp","holds":[],"rewrites":[],"sha256":"5d45db563484241acf0c24d499abb4e4f1edb6de8188f6c9643d5b3b6592d5df","size":550,"state":"held","to":["sato@client1.example.net","tanaka@client2.example.net"]}','6eeeff74e852fa53d2e556fb528fecdf4e600ae998898e79b9e112e2643ba854');
INSERT INTO "journal" VALUES('node1',37,1.79594336498607635502e+09,'accept','taro','agrcnehzpm55lved','agrcnehzpm55lved','default','{"approvals":[],"direction":"outbound","due_at":1795943669.9860764,"findings":["external_recipient"],"from":"taro@example.co.jp","holds":[],"rewrites":[],"sha256":"aafb439d1f7428d0e8fbe187686edd439e213bae266fb25872358ff77ac7c2a8","size":544,"state":"held","to":["sato@client1.example.net"]}','313cfa39506500af828ee620d7bf410e33445ecfda81117b98f122842b83ae18');
INSERT INTO "journal" VALUES('node1',38,1.79594336518937468531e+09,'accept','taro','agrcneh2i6rfcvxn','agrcneh2i6rfcvxn','default','{"approvals":[],"direction":"outbound","due_at":1795943670.1893747,"findings":["external_recipient","many_external"],"from":"taro@example.co.jp","holds":[],"rewrites":["bcc"],"sha256":"d6b55454f86e71c11abc7d6d7e1ed41f2b48555123bd04b167c2fc0afa72b802","size":530,"state":"held","to":["buyer1@client1.example.net","buyer2@client2.example.net","buyer3@client3.example.net","buyer4@client4.example.net","buyer5@client5.example.net","buyer6@client6.example.net","buyer7@client7.example.net"]}','31996c6026b7ca4118e322cea6a0bfb2b190207600f93bcaec515d55c9885da2');
INSERT INTO "journal" VALUES('node1',39,1.79594336538487243655e+09,'accept','taro','agrcneh3cogx7ezt','agrcneh3cogx7ezt','default','{"approvals":[],"direction":"outbound","due_at":1795943365.3848724,"findings":[],"from":"taro@example.co.jp","holds":[],"rewrites":[],"sha256":"55e12c8d7506657e9c53b8ce4afb94686486c114bc68b71a18114b7fdb3b3e9f","size":34531,"state":"queued","to":["hanako@example.co.jp"]}','5255b2bdc7af7981a37a2305904fd928e0c2586abb8e321026b5d5f4584a5fa2');
INSERT INTO "journal" VALUES('node1',40,1.79594336540855312352e+09,'lease','dispatcher','agrcneh3cogx7ezt','agrcneh3cogx7ezt','default','{"token":1}','11f9d63be98bba086e68927e6fa63c454a47a2ce2930bb23babbfd3d0f5dc812');
INSERT INTO "journal" VALUES('node1',41,1.7959433654452335834e+09,'finish','dispatcher','agrcneh3cogx7ezt','agrcneh3cogx7ezt','default','{"outcomes":[[0,"delivered","250 2.0.0 Caught"]],"to":"done","token":1}','4914cb2e03207898756845a7a7e1690328070f65a29e8668b5f602fbd7b2957a');
INSERT INTO "journal" VALUES('node1',42,1.79594336561719536784e+09,'accept','taro','agrcneh37kj5yndo','agrcneh37kj5yndo','default','{"approvals":["president"],"direction":"outbound","due_at":1795943670.6171954,"findings":["class_approval","confidential_attachment","external_recipient"],"from":"taro@example.co.jp","holds":[],"rewrites":["encrypt"],"sha256":"ec6b9eb17f5ee6baf1583dd486048d05d5a4400983004c244ce56a1fd0fe6565","size":3605,"state":"held","to":["sato@client1.example.net"]}','7140fb3361f4738486f1c8ed33052fb980d8de59e102fbc3b81df514b05ef425');
INSERT INTO "journal" VALUES('node1',43,1.79594336579635834687e+09,'accept','taro','agrcneh4vtwoeifd','agrcneh4vtwoeifd','default','{"approvals":["president"],"direction":"outbound","due_at":1795943670.7963583,"findings":["class_approval","confidential_attachment","external_recipient"],"from":"taro@example.co.jp","holds":[],"rewrites":["encrypt"],"sha256":"b252dbd5a771baf8568ccaf0bf59da185dd39aa69f50dad06d87ada62376ab28","size":3613,"state":"held","to":["sato@client1.example.net"]}','378f7cf47b652b78db62ef4c8998ea12b499df00e3d9112a3fbb9f0423c731bb');
INSERT INTO "journal" VALUES('node1',44,1.79594336594162178044e+09,'recall','taro','agrcnehx3o5avntj','agrcnehx3o5avntj','default','{"from":"held","to":"withdrawn"}','2d3f9237ead6911b809150de49aecd7b7d9911165375f68b00b7783e3b66cce7');
INSERT INTO "journal" VALUES('node1',45,1.79594336596210765841e+09,'stop','taro','agrcnehzpm55lved','agrcnehzpm55lved','default','{"from":"held","to":"held"}','166c7228168ea9b0e9e284ee6c688086c1fd3eca23498ec6e381c0241034dd34');
INSERT INTO "journal" VALUES('node1',46,1.7959433659822583198e+09,'send_now','taro','agrcnehyuzirmg5q','agrcnehyuzirmg5q','default','{"from":"held","to":"queued"}','b448e6b2e19d191ec5c167c31792deb4efde87fadda8ba039d46a2ebada5a09a');
INSERT INTO "journal" VALUES('node1',47,1.79594336598930978772e+09,'lease','dispatcher','agrcnehyuzirmg5q','agrcnehyuzirmg5q','default','{"token":1}','55b84847b85b8c7cdda4dd02eb4d59538bf94ab410126c47a3682b8b2aa9bea8');
INSERT INTO "journal" VALUES('node1',48,1.79594336599484562873e+09,'finish','dispatcher','agrcnehyuzirmg5q','agrcnehyuzirmg5q','default','{"outcomes":[[0,"delivered","250 2.0.0 Caught"],[1,"delivered","250 2.0.0 Caught"]],"to":"done","token":1}','9c92726255ad4e2777fc0bc71dca719d10929ee10428e7911b896e98b823ba69');
INSERT INTO "journal" VALUES('node1',49,1.79594336601230859752e+09,'passphrase_shown','taro','agrcnehwmzqluqgx','agrcnehwmzqluqgx','default','{}','04a803d6aea24a33c11827e318a9bb3664dc759f3a6f95719368c729b68bea16');
INSERT INTO "journal" VALUES('node1',50,1.79594336607812738414e+09,'request','taro','agrcmiywj4pk3qk4','agrcmiywj4pk3qk4','default','{"comment":"採用の件です"}','bee4edb243fdd0f2414a03bc13d452dbc6e1f47844bb7c4384f068aa1f434bb4');
INSERT INTO "journal" VALUES('node1',51,1.79594336610514783859e+09,'request','taro','agrcmiywyhow6bcj','agrcmiywyhow6bcj','default','{"comment":"必要です"}','9c6d40a50952019d1e82b2df29fe1566652893c856c3f48aff153739fbe1210f');
INSERT INTO "journal" VALUES('node1',52,1.79594336612093615533e+09,'look','admin','agrcmiywyhow6bcj','agrcmiywyhow6bcj','default','{"reason":"確認"}','94a0ccdca6c7aee5fcca36b6038f28ee4e659efc87a18291b00307c55a996224');
INSERT INTO "journal" VALUES('node1',53,1.7959433661448521614e+09,'release','admin','agrcmiywyhow6bcj','agrcmiywyhow6bcj','default','{"from":"held","reason":"確認済み","to":"queued"}','cde29c0c3b1160e0f163a23fc0cd137d2002eb4615c9a28c63462c80e4edb997');
INSERT INTO "journal" VALUES('node1',54,1.79594336614788174623e+09,'lease','dispatcher','agrcmiywyhow6bcj','agrcmiywyhow6bcj','default','{"token":1}','8037821bd4b088436a97ef1f4cd965af380d3b46763d0e90aa35197cc35990d1');
INSERT INTO "journal" VALUES('node1',55,1.7959433661448521614e+09,'listing_added','admin','agrcmiywyhow6bcj','agrcmiywyhow6bcj','default','{"kind":"address","list":"allow","subject":"update@vendor.example.org","until":1798535366.1448522}','c1816c2ec18284e27e2b986ffaa86d9f97915c6b6389fe3fed89105fe9d68eff');
INSERT INTO "journal" VALUES('node1',56,1.79594336615371894839e+09,'finish','dispatcher','agrcmiywyhow6bcj','agrcmiywyhow6bcj','default','{"outcomes":[[0,"delivered","250 2.0.0 Caught"]],"to":"done","token":1}','e1f70f1a4a3c7b02ab0cc3071170207f6f9447b2b7024813353aa156892520a9');
INSERT INTO "journal" VALUES('node1',57,1.795943366172825098e+09,'request','taro','agrcmiyw7mqogufa','agrcmiyw7mqogufa','default','{}','98f14abc9c420ea3af2fe37f9fa82d2cd6615d1d958c7863bc27cd66b6c6cae6');
INSERT INTO "journal" VALUES('node1',58,1.79594336618722462657e+09,'discard','admin','agrcmiyw7mqogufa','agrcmiyw7mqogufa','default','{"from":"held","reason":"危険","tell":"yes","to":"withdrawn"}','51ff12d30ccbbed61978536b8d0618d7603884dc2c7ff67229d639aadb27fde4');
INSERT INTO "journal" VALUES('node1',59,1.79594336622459912295e+09,'password_wrong','taro','agrcmiyxfwfbgmgv','agrcmiyxfwfbgmgv','default','{"tries_left":4}','d897049a1cd534285a2b0e9da4074a8648abfbcbfdc1fffb0cbf5e58e14ae90e');
INSERT INTO "journal" VALUES('node1',60,1.79594336626295924186e+09,'examine','taro','agrcmiyxp3e7tyjn','agrcmiyxp3e7tyjn','default','{"from":"held","to":"queued"}','d7a315f22bf2e3ed15a0a4ec7ee8107bbbb4591db27e40c5a40928b616ecf2b6');
INSERT INTO "journal" VALUES('node1',61,1.79594336627194666863e+09,'lease','dispatcher','agrcmiyxp3e7tyjn','agrcmiyxp3e7tyjn','default','{"token":1}','572a8514e6370cc2d39959c6b77af695f9fd4bcdb4f32a750355768b23b8f751');
INSERT INTO "journal" VALUES('node1',62,1.79594336627677440649e+09,'finish','dispatcher','agrcmiyxp3e7tyjn','agrcmiyxp3e7tyjn','default','{"outcomes":[[0,"delivered","250 2.0.0 Caught"]],"to":"done","token":1}','00d8ee6300a7aff69bfb9de8d675c54afdd69864a936cd76ac6409fa96c1a7f3');
INSERT INTO "journal" VALUES('node1',63,1.79594336629295969007e+09,'deny','shacho','agrcneh4vtwoeifd','agrcneh4vtwoeifd','default','{"comment":"送ってはいけません","from":"held","role":"president","to":"withdrawn"}','c2c528e2804fab69ec58abf04f507823e608bcc31091eaefd1c0d23d3ebc564e');
INSERT INTO "journal" VALUES('node1',64,1.79594336635295367238e+09,'report','taro','','agrcmiyvh2iofthy','default','{"comment":"怪しい","report":"ad5f868cf85257cd786b","source":"page"}','4da12fdb388ca1e8de9613a0f566ee94c65ae269cc6b8a54370002903e793eb6');
INSERT INTO "journal" VALUES('node1',65,1.79594336637271404268e+09,'report','taro','','agrcmiyvzdqui67x','default','{"comment":"怪しい","report":"07fef976feb6240f0377","source":"page"}','2acf883c4d4d80dadcf8ed9b4e9d80f4e611c236ed3ce98efe2b5018735c365d');
INSERT INTO "journal" VALUES('node1',66,1.79594336639920687677e+09,'accept','keeper','agrcneh674iqrng6','agrcmiywyhow6bcj','default','{"approvals":[],"direction":"notice","due_at":1795943366.3992069,"findings":[],"from":"","holds":[],"rewrites":[],"sha256":"5133420005c3087bef2832e41e56c6801b15d65046ceed0faa87103eb312aa67","size":699,"state":"queued","to":["taro@example.co.jp"]}','f3125f88a49f350ee00df834c93e32d985a1454bc714fc5dbe52e120fff58d33');
INSERT INTO "journal" VALUES('node1',67,1.79594336640047121046e+09,'lease','dispatcher','agrcneh674iqrng6','agrcmiywyhow6bcj','default','{"token":1}','8c78a40838d1abde078ae18bea87ccc04f6bb337f49cf83c877583df7f0986a7');
INSERT INTO "journal" VALUES('node1',68,1.79594336640086913109e+09,'accept','keeper','agrcneh7adlynbb3','agrcmiyw7mqogufa','default','{"approvals":[],"direction":"notice","due_at":1795943366.4008691,"findings":[],"from":"","holds":[],"rewrites":[],"sha256":"5061cc68980d94d260720a377488fd976af804835a4ad715a7b9628930a6ed85","size":715,"state":"queued","to":["taro@example.co.jp"]}','1c27b69fd4f52568f26be7f4d2571ce5b35fd959f8055017b2adf2fcc8da5353');
INSERT INTO "journal" VALUES('node1',69,1.79594336640392112734e+09,'lease','dispatcher','agrcneh7adlynbb3','agrcmiyw7mqogufa','default','{"token":1}','b2fa7e75d46cbd2f471597f9debcfd8ddef31a0f017a89d7d8b4a436ca87db25');
INSERT INTO "journal" VALUES('node1',70,1.79594336640513873096e+09,'finish','dispatcher','agrcneh674iqrng6','agrcmiywyhow6bcj','default','{"outcomes":[[0,"delivered","250 2.0.0 Caught"]],"to":"done","token":1}','d0bf32868328abbf74813a03a27ef6d20d5b03c61e3dc2dea257c78788d87ddc');
INSERT INTO "journal" VALUES('node1',71,1.79594336641677713396e+09,'accept','keeper','agrcneh7cai5dmhi','agrcneh7cai5dmhi','default','{"approvals":[],"direction":"notice","due_at":1795943366.4167771,"findings":[],"from":"","holds":[],"rewrites":[],"sha256":"3f265169e35dc095bd47af3377d32d2b1b3709073793f558a4067c4c200b11ad","size":1004,"state":"queued","to":["admin@example.co.jp"]}','2f33d1dbc51db5ecb263f88bd43d5515b960c84863b578b0906c545cbdd3499f');
INSERT INTO "journal" VALUES('node1',72,1.7959433664197359085e+09,'lease','dispatcher','agrcneh7cai5dmhi','agrcneh7cai5dmhi','default','{"token":1}','4f466e46b2242d3b334b5c6f78b491a9cb7b596fb296660e6ce348444baddb40');
INSERT INTO "journal" VALUES('node1',73,1.79594336642151331906e+09,'finish','dispatcher','agrcneh7adlynbb3','agrcmiyw7mqogufa','default','{"outcomes":[[0,"delivered","250 2.0.0 Caught"]],"to":"done","token":1}','b7a4c2d48486ee70fcae17118d98fcbec33ff488646c3ebd05684509a9a495f1');
INSERT INTO "journal" VALUES('node1',74,1.79594336642875957487e+09,'finish','dispatcher','agrcneh7cai5dmhi','agrcneh7cai5dmhi','default','{"outcomes":[[0,"delivered","250 2.0.0 Caught"]],"to":"done","token":1}','00ab0e225de5735a90b9797e16372fb6e1a693b0c71d0a44b2ad5c176e5c2262');
INSERT INTO "journal" VALUES('node1',75,1.79594336655351471902e+09,'report','hanako','','agrcmiyvzdqui67x','default','{"comment":"","report":"9ae128b904c06182aac5","source":"mail"}','2c45505dcd5a56cc939f66af25708a710737f2f31a474118159c719c88577a2a');
INSERT INTO "journal" VALUES('node1',76,1.79594336655351471902e+09,'accept','node1','agrcneh7vqu6u363','agrcmiyvzdqui67x','default','{"approvals":[],"direction":"notice","due_at":1795943366.5535147,"findings":[],"from":"","holds":[],"rewrites":[],"sha256":"b1b3f35941ece57de8e37d5eac920ce3d7cfd04419676ed0a4e97e43923f97ff","size":951,"state":"queued","to":["hanako@example.co.jp"]}','81cd078631a77741457a4f68d54998b964480298005b423bf045743a467e77c5');
INSERT INTO "journal" VALUES('node1',77,1.79594336658036684986e+09,'lease','dispatcher','agrcneh7vqu6u363','agrcmiyvzdqui67x','default','{"token":1}','8a5134109efa16885f5e85e3deba6ead9ac4d4004c135ec7a5074bc08232d578');
INSERT INTO "journal" VALUES('node1',78,1.79594336661884880065e+09,'finish','dispatcher','agrcneh7vqu6u363','agrcmiyvzdqui67x','default','{"outcomes":[[0,"delivered","250 2.0.0 Caught"]],"to":"done","token":1}','48f3412592b1845b8c0af0d3a88d601f3e28ab7510dfde4f23ce6050fe332a4f');
INSERT INTO "journal" VALUES('node1',79,1.79594336673215150827e+09,'report_closed','admin','','agrcmiyvh2iofthy','default','{"listed":1,"mails":2,"note":"フィッシング","report":"ad5f868cf85257cd786b","verdict":"dangerous"}','2dc0634765bec6e5eaddd926c57383925820c12fd1f8a4f76c9c4651ce12c13c');
INSERT INTO "journal" VALUES('node1',80,1.79594336673215150827e+09,'listing_added','admin','','','default','{"kind":"address","list":"block","report":"ad5f868cf85257cd786b","subject":"amazon.support.2291@gmail.com"}','528ef10b1b338f969a23004ab02ee735683cba5038433a8feac1fe8ddf95e601');
INSERT INTO "journal" VALUES('node1',81,1.79594336673215150827e+09,'accept','admin','agrcneiakdch7aef','agrcmiyvh2iofthy','default','{"approvals":[],"direction":"notice","due_at":1795943366.7321515,"findings":[],"from":"","holds":[],"rewrites":[],"sha256":"723fc14e4a060574452019231d7129de8966fb1e94b60d26c60c7556592f1565","size":1671,"state":"queued","to":["taro@example.co.jp"]}','cf342f356bcf8f3fac24c53a1183c0c4cf006b93a8fb2b57619f0027cbd5878f');
INSERT INTO "journal" VALUES('node1',82,1.79594336674595117572e+09,'lease','dispatcher','agrcneiakdch7aef','agrcmiyvh2iofthy','default','{"token":1}','d8a026e3ed0c52753347a3baf3e8e0757643e266b42293a1e7e153800ac14061');
INSERT INTO "journal" VALUES('node1',83,1.79594336675719237327e+09,'finish','dispatcher','agrcneiakdch7aef','agrcmiyvh2iofthy','default','{"outcomes":[[0,"delivered","250 2.0.0 Caught"]],"to":"done","token":1}','7e1b81c13cf00f12742a27f02e3e9513b7380e92412be54d9b5d03860aa35474');
CREATE TABLE journal_head (
    node TEXT PRIMARY KEY,
    seq BIGINT NOT NULL,
    hash TEXT NOT NULL
);
INSERT INTO "journal_head" VALUES('node1',83,'7e1b81c13cf00f12742a27f02e3e9513b7380e92412be54d9b5d03860aa35474');
CREATE TABLE journal_checkpoint (
    node TEXT NOT NULL,
    seq BIGINT NOT NULL,
    hash TEXT NOT NULL,
    at DOUBLE PRECISION NOT NULL,
    mark TEXT NOT NULL,
    PRIMARY KEY (node, seq)
);
INSERT INTO "journal_checkpoint" VALUES('node1',83,'7e1b81c13cf00f12742a27f02e3e9513b7380e92412be54d9b5d03860aa35474',1.79594337874985647204e+09,'2e3e65b4e5291effbd2ef8841484600179380b52413a50f5da2f3e194d1ca558');
CREATE TABLE seal_canary (
    key_id TEXT PRIMARY KEY,
    canary BYTEA NOT NULL
);
INSERT INTO "seal_canary" VALUES('518dfd24',X'01518DFD240F62CC82A63FA97AAFC2C0CAC5F414F4BE0517CF4521E2BB7B4E49B6CCA2569AC3CE75AD4DC473');
CREATE TABLE content (
    key TEXT PRIMARY KEY,
    data BYTEA NOT NULL
);
CREATE TABLE people (
    login          TEXT PRIMARY KEY,
    tenant         TEXT NOT NULL,
    name_ja        TEXT NOT NULL,
    name_en        TEXT NOT NULL,
    addresses      TEXT NOT NULL,
    send_as        TEXT NOT NULL,
    department     TEXT NOT NULL,
    head_of        TEXT NOT NULL,
    roles          TEXT NOT NULL,
    language       TEXT NOT NULL,
    disabled       INTEGER NOT NULL,
    source         TEXT NOT NULL,
    password_hash  TEXT NOT NULL DEFAULT '',
    file_hash      TEXT NOT NULL DEFAULT '',
    changed_at     DOUBLE PRECISION NOT NULL
);
INSERT INTO "people" VALUES('admin','default','管理者','Administrator','["admin@example.co.jp"]','[]','','[]','["user","administrator"]','ja',0,'test','$argon2id$v=19$m=19456,t=2,p=1$Q1Gwl5VuqoDwK18PC3F0Fg$WDzcOkLVozi3K1IJVVSF1Rxdx8apSqpmaLGPBdp4Xr4','',1.79594336149593043327e+09);
INSERT INTO "people" VALUES('taro','default','山田太郎','Taro Yamada','["taro@example.co.jp"]','[]','sales','[]','["user"]','ja',0,'test','$argon2id$v=19$m=19456,t=2,p=1$mbjQkA0ONVLX1aTi+WyXhg$5ZSrzRfnu6u0gJl5nYrldvyF99WFCqViyeIaXtFEMbU','',1.79594336137151694299e+09);
INSERT INTO "people" VALUES('hanako','default','鈴木花子','Hanako Suzuki','["hanako@example.co.jp"]','[]','sales','["sales"]','["user","approver"]','ja',0,'test','$argon2id$v=19$m=19456,t=2,p=1$T5MLfbywYXnVeXYk1YuWTA$BbuUpV9s5k5hLDifOG91SandjoR2DfuA8nS7cIpQ6oE','',1.79594336143174886704e+09);
INSERT INTO "people" VALUES('shacho','default','関 "一郎"','Ichiro \ Seki','["shacho@example.co.jp"]','[]','board','[]','["user","president"]','ja',0,'test','$argon2id$v=19$m=19456,t=2,p=1$OB7z9zOiL759kCs6oz27qw$l5jWUO/uyekr+Uxzv6NAK+klZlkOcy2OLhLWH63dIv4','',1.79594336157181191449e+09);
INSERT INTO "people" VALUES('naimu','default','内務','','["naimu@example.co.jp"]','["info@example.co.jp"]','it','[]','["user","auditor"]','en',0,'test','$argon2id$v=19$m=19456,t=2,p=1$dB2i5+GMmz0vL9oN5ai7zA$UbDzZer9+D2pizlAw0GHPvKz8B1+b4Ch5p3Es7KuSg0','',1.79594336157181191449e+09);
INSERT INTO "people" VALUES('yameta','default','退職者','Gone','["yameta@example.co.jp"]','[]','','[]','["user"]','ja',1,'test','$argon2id$v=19$m=19456,t=2,p=1$mqyBhqKbHrR91ZiozfKFPQ$cTL9bSHvQEYBBg16jsTDUEoNEb4b+mVHKPH896kJ88s','',1.79594336157181191449e+09);
CREATE TABLE people_addresses (
    address  TEXT PRIMARY KEY,
    login    TEXT NOT NULL REFERENCES people (login) ON DELETE CASCADE
);
INSERT INTO "people_addresses" VALUES('taro@example.co.jp','taro');
INSERT INTO "people_addresses" VALUES('hanako@example.co.jp','hanako');
INSERT INTO "people_addresses" VALUES('admin@example.co.jp','admin');
INSERT INTO "people_addresses" VALUES('shacho@example.co.jp','shacho');
INSERT INTO "people_addresses" VALUES('naimu@example.co.jp','naimu');
INSERT INTO "people_addresses" VALUES('yameta@example.co.jp','yameta');
CREATE TABLE partner_passphrases (
    id            TEXT PRIMARY KEY,
    tenant        TEXT NOT NULL,
    scope         TEXT NOT NULL,
    subject       TEXT NOT NULL,
    sealed        TEXT NOT NULL,
    note          TEXT NOT NULL,
    valid_from    DOUBLE PRECISION NOT NULL,
    valid_until   DOUBLE PRECISION,
    created_at    DOUBLE PRECISION NOT NULL,
    created_by    TEXT NOT NULL,
    last_used_at  DOUBLE PRECISION
);
INSERT INTO "partner_passphrases" VALUES('5f947dc2af8358b8901435a6d6320127','default','domain','partner.example.com','AVGN/STg8fqnOJi8/Q31vo3NKb0gzY42rO48DRzdzBRd/Ij48b/P4Qi2cQlZYy7Z2RIxaT/aVCI/8nR2ObZ/EA==','電話で合意',1.79594336179229283325e+09,NULL,1.79594336179229283325e+09,'admin',1.79594336437906384462e+09);
INSERT INTO "partner_passphrases" VALUES('0f082311eaae8c80f4ee188c8ff751b5','default','address','buyer@client2.example.net','AVGN/ST716zCE+QgIWFbgBO4FnO1K3ezrbi5r3wp8NfRm9g0YftNFLM3mdmKrdHUfHqzsu+8ck1QsoNpeCHH','書面で合意',1.79594336180413556101e+09,NULL,1.79594336180413556101e+09,'admin',NULL);
CREATE TABLE correspondents (
    tenant        TEXT NOT NULL,
    address       TEXT NOT NULL,
    sent_at       DOUBLE PRECISION,
    clean_first   DOUBLE PRECISION,
    clean_last    DOUBLE PRECISION,
    PRIMARY KEY (tenant, address)
);
INSERT INTO "correspondents" VALUES('default','buyer1@client1.example.net',1.79594336519632148739e+09,NULL,NULL);
INSERT INTO "correspondents" VALUES('default','buyer2@client2.example.net',1.79594336519632244105e+09,NULL,NULL);
INSERT INTO "correspondents" VALUES('default','buyer3@client3.example.net',1.79594336519632339472e+09,NULL,NULL);
INSERT INTO "correspondents" VALUES('default','buyer4@client4.example.net',1.79594336519632363324e+09,NULL,NULL);
INSERT INTO "correspondents" VALUES('default','buyer5@client5.example.net',1.79594336519632458691e+09,NULL,NULL);
INSERT INTO "correspondents" VALUES('default','buyer6@client6.example.net',1.79594336519632530218e+09,NULL,NULL);
INSERT INTO "correspondents" VALUES('default','buyer7@client7.example.net',1.79594336519632577896e+09,NULL,NULL);
INSERT INTO "correspondents" VALUES('default','sato@client1.example.net',1.79594336580787348753e+09,1.79594336289978456495e+09,1.79594336289978456495e+09);
INSERT INTO "correspondents" VALUES('default','suzuki@partner.example.com',1.79594336439990901951e+09,NULL,NULL);
INSERT INTO "correspondents" VALUES('default','tanaka@client2.example.net',1.79594336477990245814e+09,NULL,NULL);
INSERT INTO "correspondents" VALUES('default','wrong@client9.example.net',1.79594336457589936256e+09,NULL,NULL);
INSERT INTO "correspondents" VALUES('default','keiri@client5.example.net',NULL,1.79594336301313185688e+09,1.79594336301313185688e+09);
CREATE TABLE console_sessions (
    digest      TEXT PRIMARY KEY,
    login       TEXT NOT NULL REFERENCES people (login) ON DELETE CASCADE,
    form_token  TEXT NOT NULL,
    peer        TEXT NOT NULL,
    language    TEXT NOT NULL,
    once        INTEGER NOT NULL,
    started_at  DOUBLE PRECISION NOT NULL,
    seen_at     DOUBLE PRECISION NOT NULL
);
INSERT INTO "console_sessions" VALUES('bd6e3bcba8bcde54f0eb53f971dc550266b1ebae46c431e790d7a14c4cb48ea5','taro','VzGsy-sppI2y_xx4g1KagAJJOzK4mF5_','127.0.0.1','ja',0,1.79594336217061257363e+09,1.79594336217061257363e+09);
INSERT INTO "console_sessions" VALUES('a3e70dc7cfc26ca6e5012ac68fa35514ec9961925540ac2a93c7751b54a5b3c6','hanako','bxQBwUJmCXgJL_af3LSBhXCYFqLaxloJ','127.0.0.1','ja',0,1.79594336234183335303e+09,1.79594336234183335303e+09);
INSERT INTO "console_sessions" VALUES('1efc467312a30063a3af8fab5c32526b1d470644c7557ddd2bfcc04e7cf36a38','shacho','Ztm5nt8kRDsddD5u5tkOUIwjKI3yQ5i2','127.0.0.1','ja',0,1.79594336249783706666e+09,1.79594336249783706666e+09);
INSERT INTO "console_sessions" VALUES('66c1fa4109643ec8333d694198114c8eb8c1c8540db489c037a5d346cae9cf08','admin','ShSqiPnPnvqxDoOvEFGktCEwrrvPYEkt','127.0.0.1','ja',0,1.79594336265539312362e+09,1.79594336265539312362e+09);
CREATE TABLE console_codes (
    digest      TEXT PRIMARY KEY,
    login       TEXT NOT NULL REFERENCES people (login) ON DELETE CASCADE,
    expires_at  DOUBLE PRECISION NOT NULL
);
INSERT INTO "console_codes" VALUES('54d447ef51d8d8c754ab4522578766e90d3a1b442f2a8acfdac0587a8cf2b082','admin',1.79594696134169268609e+09);
CREATE TABLE listings (
    id          TEXT PRIMARY KEY,
    tenant      TEXT NOT NULL,
    list        TEXT NOT NULL,
    kind        TEXT NOT NULL,
    subject     TEXT NOT NULL,
    person      TEXT NOT NULL,
    owner       TEXT NOT NULL,
    reason      TEXT NOT NULL,
    created_at  DOUBLE PRECISION NOT NULL,
    expires_at  DOUBLE PRECISION NOT NULL
);
INSERT INTO "listings" VALUES('b8ddf17c46da97f4','default','block','domain','spam.example.org','','admin','迷惑メール',1.79594336181211900707e+09,1.82186336157181191439e+09);
INSERT INTO "listings" VALUES('f0f21785ba836d70','default','allow','address','sato@client1.example.net','taro','taro','取引先',1.79594336181610178949e+09,1.79853536157181191439e+09);
INSERT INTO "listings" VALUES('1ccdd6b44ca937ee','default','allow','address','old@client3.example.net','','admin','once',1.7959433618199205398e+09,1.79594342157181191448e+09);
INSERT INTO "listings" VALUES('5561d7990d1ba469','default','allow','address','update@vendor.example.org','','admin','確認済み',1.79594336614783620835e+09,1.79853536614485216144e+09);
INSERT INTO "listings" VALUES('ade834fe72ddd7af','default','block','address','amazon.support.2291@gmail.com','','admin','フィッシング',1.79594336673583912849e+09,1.80371936673215150833e+09);
CREATE TABLE release_requests (
    item         TEXT NOT NULL REFERENCES item (id) ON DELETE CASCADE,
    person       TEXT NOT NULL,
    tenant       TEXT NOT NULL,
    at           DOUBLE PRECISION NOT NULL,
    comment      TEXT NOT NULL,
    state        TEXT NOT NULL,
    answer       TEXT NOT NULL,
    settled_at   DOUBLE PRECISION,
    announced    INTEGER NOT NULL,
    told         INTEGER NOT NULL,
    PRIMARY KEY (item, person)
);
INSERT INTO "release_requests" VALUES('agrcmiywj4pk3qk4','taro','default',1.79594336607812738414e+09,'採用の件です','open','',NULL,1,0);
INSERT INTO "release_requests" VALUES('agrcmiywyhow6bcj','taro','default',1.79594336610514783859e+09,'必要です','released','',1.7959433661448521614e+09,0,1);
INSERT INTO "release_requests" VALUES('agrcmiyw7mqogufa','taro','default',1.795943366172825098e+09,'','refused','危険',1.79594336618722462657e+09,0,1);
CREATE TABLE password_tries (
    item   TEXT PRIMARY KEY REFERENCES item (id) ON DELETE CASCADE,
    tries  INTEGER NOT NULL
);
INSERT INTO "password_tries" VALUES('agrcmiyxfwfbgmgv',1);
INSERT INTO "password_tries" VALUES('agrcmiyxp3e7tyjn',1);
CREATE TABLE said_last (
    what  TEXT PRIMARY KEY,
    at    DOUBLE PRECISION NOT NULL
);
INSERT INTO "said_last" VALUES('requests',1795943366.41677);
CREATE TABLE digests (
    person      TEXT NOT NULL,
    slot        DOUBLE PRECISION NOT NULL,
    token       TEXT NOT NULL,
    items       TEXT NOT NULL,
    expires_at  DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (person, slot)
);
INSERT INTO "digests" VALUES('hanako',1795942800.0,'f3f04a9d792a588668e0ae732e37a0c3d1fb31cb0e43aebe511f664f09f5e992','["agrcmiywj4pk3qk4","agrcmiyvh2iofthy"]',1.79611616378461456293e+09);
INSERT INTO "digests" VALUES('taro',1795942800.0,'cdabdc0a270f6006090a5a124eecf98961334e4cc5ae1e4a6143b7eb162d25a3','["agrcmiyxp3e7tyjn","agrcmiyxfwfbgmgv","agrcmiyw7mqogufa","agrcmiywyhow6bcj","agrcmiywj4pk3qk4","agrcmiyvh2iofthy"]',1.79611616379333066942e+09);
CREATE TABLE sighting (
    trace    BIGINT NOT NULL,
    at       DOUBLE PRECISION NOT NULL,
    mail_id  TEXT NOT NULL
);
INSERT INTO "sighting" VALUES(-7532632066029240374,1.79593616287267279622e+09,'agrcmiyuhbuhiz3p');
INSERT INTO "sighting" VALUES(-7377789006278149180,1.79593616287267279622e+09,'agrcmiyuhbuhiz3p');
INSERT INTO "sighting" VALUES(4302447857851387945,1.79593616287267279622e+09,'agrcmiyuhbuhiz3p');
INSERT INTO "sighting" VALUES(8159475931781471596,1.79593616287267279622e+09,'agrcmiyuhbuhiz3p');
INSERT INTO "sighting" VALUES(-1194387590553687939,1795936163.00185,'agrcmiyuxhwaciz6');
INSERT INTO "sighting" VALUES(4046868296384522441,1795936163.00185,'agrcmiyuxhwaciz6');
INSERT INTO "sighting" VALUES(7556937637845948909,1795936163.00185,'agrcmiyuxhwaciz6');
INSERT INTO "sighting" VALUES(8232098012828730241,1795936163.00185,'agrcmiyuxhwaciz6');
INSERT INTO "sighting" VALUES(-6662489755901613742,1.79593616313481307033e+09,'agrcmiyvh2iofthy');
INSERT INTO "sighting" VALUES(-3454322842121065856,1.79593616313481307033e+09,'agrcmiyvh2iofthy');
INSERT INTO "sighting" VALUES(2320494590282049545,1.79593616313481307033e+09,'agrcmiyvh2iofthy');
INSERT INTO "sighting" VALUES(4394135888218768377,1.79593616313481307033e+09,'agrcmiyvh2iofthy');
INSERT INTO "sighting" VALUES(5985772694114768061,1.79593616313481307033e+09,'agrcmiyvh2iofthy');
INSERT INTO "sighting" VALUES(7253178989354373142,1.79593616313481307033e+09,'agrcmiyvh2iofthy');
INSERT INTO "sighting" VALUES(7908339822876682294,1.79593616313481307033e+09,'agrcmiyvh2iofthy');
INSERT INTO "sighting" VALUES(-6567721479716285495,1.79593616327252531047e+09,'agrcmiyvzdqui67x');
INSERT INTO "sighting" VALUES(-6567721479716285495,1.79593616327252531047e+09,'agrcmiyvzdqui67x');
INSERT INTO "sighting" VALUES(-5640839593257301776,1.79593616327252531047e+09,'agrcmiyvzdqui67x');
INSERT INTO "sighting" VALUES(-5640839593257301776,1.79593616327252531047e+09,'agrcmiyvzdqui67x');
INSERT INTO "sighting" VALUES(-4270160108716524635,1.79593616327252531047e+09,'agrcmiyvzdqui67x');
INSERT INTO "sighting" VALUES(-4270160108716524635,1.79593616327252531047e+09,'agrcmiyvzdqui67x');
INSERT INTO "sighting" VALUES(2320494590282049545,1.79593616327252531047e+09,'agrcmiyvzdqui67x');
INSERT INTO "sighting" VALUES(2320494590282049545,1.79593616327252531047e+09,'agrcmiyvzdqui67x');
INSERT INTO "sighting" VALUES(5985772694114768061,1.79593616327252531047e+09,'agrcmiyvzdqui67x');
INSERT INTO "sighting" VALUES(5985772694114768061,1.79593616327252531047e+09,'agrcmiyvzdqui67x');
INSERT INTO "sighting" VALUES(7374513876543295057,1.79593616327252531047e+09,'agrcmiyvzdqui67x');
INSERT INTO "sighting" VALUES(7374513876543295057,1.79593616327252531047e+09,'agrcmiyvzdqui67x');
INSERT INTO "sighting" VALUES(7908339822876682294,1.79593616327252531047e+09,'agrcmiyvzdqui67x');
INSERT INTO "sighting" VALUES(7908339822876682294,1.79593616327252531047e+09,'agrcmiyvzdqui67x');
INSERT INTO "sighting" VALUES(-3739002490324541623,1.79593616340716099744e+09,'agrcmiywj4pk3qk4');
INSERT INTO "sighting" VALUES(1768601049592846237,1.79593616340716099744e+09,'agrcmiywj4pk3qk4');
INSERT INTO "sighting" VALUES(2320494590282049545,1.79593616340716099744e+09,'agrcmiywj4pk3qk4');
INSERT INTO "sighting" VALUES(5985772694114768061,1.79593616340716099744e+09,'agrcmiywj4pk3qk4');
INSERT INTO "sighting" VALUES(7202580520285792726,1.79593616340716099744e+09,'agrcmiywj4pk3qk4');
INSERT INTO "sighting" VALUES(7740348939242743561,1.79593616340716099744e+09,'agrcmiywj4pk3qk4');
INSERT INTO "sighting" VALUES(8716403105811627344,1.79593616340716099744e+09,'agrcmiywj4pk3qk4');
INSERT INTO "sighting" VALUES(-5427388824574168797,1.79593616352149033541e+09,'agrcmiywyhow6bcj');
INSERT INTO "sighting" VALUES(-5244692333841255388,1.79593616352149033541e+09,'agrcmiywyhow6bcj');
INSERT INTO "sighting" VALUES(1274943447960076430,1.79593616352149033541e+09,'agrcmiywyhow6bcj');
INSERT INTO "sighting" VALUES(1838064210859335220,1.79593616352149033541e+09,'agrcmiywyhow6bcj');
INSERT INTO "sighting" VALUES(5985772694114768061,1.79593616352149033541e+09,'agrcmiywyhow6bcj');
INSERT INTO "sighting" VALUES(8667660654090408979,1.79593616352149033541e+09,'agrcmiywyhow6bcj');
INSERT INTO "sighting" VALUES(-8121162270424689226,1.79593616357994627949e+09,'agrcmiyw7mqogufa');
INSERT INTO "sighting" VALUES(-1214984154850499124,1.79593616357994627949e+09,'agrcmiyw7mqogufa');
INSERT INTO "sighting" VALUES(1274943447960076430,1.79593616357994627949e+09,'agrcmiyw7mqogufa');
INSERT INTO "sighting" VALUES(5985772694114768061,1.79593616357994627949e+09,'agrcmiyw7mqogufa');
INSERT INTO "sighting" VALUES(7705972728694251886,1.79593616357994627949e+09,'agrcmiyw7mqogufa');
INSERT INTO "sighting" VALUES(7715701973473828374,1.79593616357994627949e+09,'agrcmiyw7mqogufa');
INSERT INTO "sighting" VALUES(-6502900041443445121,1.79593616362975716594e+09,'agrcmiyxfwfbgmgv');
INSERT INTO "sighting" VALUES(-71660563412599235,1.79593616362975716594e+09,'agrcmiyxfwfbgmgv');
INSERT INTO "sighting" VALUES(2447721319406870136,1.79593616362975716594e+09,'agrcmiyxfwfbgmgv');
INSERT INTO "sighting" VALUES(5985772694114768061,1.79593616362975716594e+09,'agrcmiyxfwfbgmgv');
INSERT INTO "sighting" VALUES(6096105697722317263,1.79593616362975716594e+09,'agrcmiyxfwfbgmgv');
INSERT INTO "sighting" VALUES(6572580697214804927,1.79593616362975716594e+09,'agrcmiyxfwfbgmgv');
INSERT INTO "sighting" VALUES(-6502900041443445121,1.79593616371059656144e+09,'agrcmiyxp3e7tyjn');
INSERT INTO "sighting" VALUES(-1276530936306193724,1.79593616371059656144e+09,'agrcmiyxp3e7tyjn');
INSERT INTO "sighting" VALUES(1139187159503259596,1.79593616371059656144e+09,'agrcmiyxp3e7tyjn');
INSERT INTO "sighting" VALUES(5985772694114768061,1.79593616371059656144e+09,'agrcmiyxp3e7tyjn');
INSERT INTO "sighting" VALUES(6572580697214804927,1.79593616371059656144e+09,'agrcmiyxp3e7tyjn');
INSERT INTO "sighting" VALUES(7115393420808333795,1.79593616371059656144e+09,'agrcmiyxp3e7tyjn');
CREATE TABLE report (
    id          TEXT PRIMARY KEY,
    tenant      TEXT NOT NULL,
    topic       TEXT NOT NULL,
    reporter    TEXT NOT NULL,
    at          DOUBLE PRECISION NOT NULL,
    source      TEXT NOT NULL,
    proved      INTEGER NOT NULL,
    mail_id     TEXT NOT NULL,
    found       TEXT NOT NULL,
    comment     TEXT NOT NULL,
    blob        TEXT NOT NULL,
    state       TEXT NOT NULL,
    verdict     TEXT NOT NULL,
    decided_by  TEXT NOT NULL,
    decided_at  DOUBLE PRECISION,
    note        TEXT NOT NULL,
    outcome     TEXT NOT NULL
);
INSERT INTO "report" VALUES('ad5f868cf85257cd786b','default','6e70c7a75dcc48b276d0','taro',1.79594336635295367238e+09,'page',1,'agrcmiyvh2iofthy','{"attachments":[],"author":"amazon.support.2291@gmail.com","author_name":"Amazonカスタマーサービス","cc":"","files":[],"hosts":["203.0.113.7"],"message_id":"<in339903076@gmail.com>","subject":"【重要】アカウントの確認が必要です","to":""}','怪しい','','closed','dangerous','admin',1.79594336673215150827e+09,'フィッシング','{"alerted":0,"listed":1,"mails":2}');
INSERT INTO "report" VALUES('07fef976feb6240f0377','default','65b42b8f360029e92559','taro',1.79594336637271404268e+09,'page',1,'agrcmiyvzdqui67x','{"attachments":[],"author":"haisou.info77@gmail.com","author_name":"配送センター","cc":"","files":[],"hosts":["bit.ly"],"message_id":"<in3026631306@gmail.com>","subject":"配送のお知らせ","to":""}','怪しい','','open','','',NULL,'','{}');
INSERT INTO "report" VALUES('9ae128b904c06182aac5','default','65b42b8f360029e92559','hanako',1.79594336655351471902e+09,'mail',1,'agrcmiyvzdqui67x','{"attachments":[],"author":"haisou.info77@gmail.com","author_name":"配送センター","cc":"","files":[],"hosts":["bit.ly"],"message_id":"<in3026631306@gmail.com>","subject":"配送のお知らせ","to":""}','','9ba5bd8069da9f4b20b312a401ff49d6-6969','open','','',NULL,'','{}');
CREATE INDEX item_due ON item (due_at) WHERE due_at IS NOT NULL AND waits = 0;
CREATE INDEX item_held ON item (accepted_at) WHERE state = 'held';
CREATE INDEX item_accepted ON item (accepted_at);
CREATE INDEX item_owner ON item (owner, accepted_at);
CREATE INDEX item_mail ON item (mail_id);
CREATE INDEX journal_mail ON journal (mail_id, at);
CREATE INDEX journal_at ON journal (at);
CREATE INDEX recipient_mailbox ON recipient (mailbox) WHERE status = 'waiting';
CREATE INDEX people_addresses_login ON people_addresses (login);
CREATE INDEX partner_passphrases_subject ON partner_passphrases (tenant, subject);
CREATE INDEX console_sessions_login ON console_sessions (login);
CREATE INDEX listings_subject ON listings (tenant, subject);
CREATE INDEX release_requests_open ON release_requests (tenant, at) WHERE state = 'open';
CREATE INDEX release_requests_untold ON release_requests (settled_at) WHERE told = 0;
CREATE UNIQUE INDEX digests_token ON digests (token);
CREATE INDEX digests_slot ON digests (slot);
CREATE INDEX sighting_trace ON sighting (trace, at);
CREATE INDEX report_open ON report (tenant, at) WHERE state = 'open';
CREATE INDEX report_closed ON report (tenant, decided_at) WHERE state = 'closed';
CREATE INDEX report_topic ON report (tenant, topic);
CREATE INDEX report_reporter ON report (tenant, reporter, at);
