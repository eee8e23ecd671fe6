PRAGMA user_version = 2;
BEGIN TRANSACTION;
CREATE TABLE changes (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	document_id TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	at TEXT NOT NULL
);
INSERT INTO "changes" VALUES(2,'示政办〔2023〕7号','put','2026-11-28T23:10:30+00:00');
INSERT INTO "changes" VALUES(3,'示政办〔2023〕8号','put','2026-11-28T23:10:30+00:00');
CREATE TABLE documents (
	id TEXT NOT NULL, 
	sha256 TEXT NOT NULL, 
	path TEXT NOT NULL, 
	number_key TEXT, 
	title_key TEXT NOT NULL, 
	content_key TEXT NOT NULL, 
	entry TEXT NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "documents" VALUES('示政办〔2023〕7号','4edbd751b6eb479dd6167c62eeef5c3ac5e15c2808c4a01b09a9c704a8648398','示政办7号.txt','示政办〔2023〕7号','示例区支持制造业发展若干政策','fa07265a0445d793eaf6904f6a9364eb6c84b02d60fcec337cec79d0aee0a0be','{"card":{"id":"示政办〔2023〕7号","sha256":"4edbd751b6eb479dd6167c62eeef5c3ac5e15c2808c4a01b09a9c704a8648398","file":"示政办7号.txt","title":"示例区支持制造业发展若干政策","document_number":"示政办〔2023〕7号","masked":false,"issuers":["示例区人民政府办公室"],"level":"district","region":"示例区","year":2023,"kind":"若干政策","issued_on":"2023-05-10","effective_on":"2023-06-01","expires_on":"2026-05-31","clauses":10,"pages":0,"versions":2,"added_at":"2026-11-28T23:10:30+00:00"},"terms":{"effective_on":"2023-06-01","effective_basis":"明示日期","effective_span":{"start":156,"end":169},"expires_on":"2026-05-31","expires_basis":"期限推算","expires_span":{"start":170,"end":175},"flags":["boundary_day_ambiguous:2026-06-01"]},"site_validity":null,"numbers":["示政办〔2023〕7号"],"title_key":"示例区支持制造业发展若干政策"}');
INSERT INTO "documents" VALUES('示政办〔2023〕8号','f408846fdd5b933267f869dd9c69ad6bcb69f0dc03795a515a7c767aafd94a58','防汛.txt','示政办〔2023〕8号','做好防汛工作','3970c6d8a70fdd9834908ddbfb99a850ea473803c4da4d2348e1ad299ccd933b','{"card":{"id":"示政办〔2023〕8号","sha256":"f408846fdd5b933267f869dd9c69ad6bcb69f0dc03795a515a7c767aafd94a58","file":"防汛.txt","title":"关于做好防汛工作的通知","document_number":"示政办〔2023〕8号","masked":false,"issuers":[],"level":null,"region":null,"year":2023,"kind":"通知","issued_on":"2023-06-01","effective_on":null,"expires_on":null,"clauses":5,"pages":0,"versions":1,"added_at":"2026-11-28T23:10:30+00:00"},"terms":{},"site_validity":null,"numbers":["示政办〔2023〕8号"],"title_key":"做好防汛工作"}');
CREATE TABLE embeddings (
	document_id TEXT NOT NULL, 
	model TEXT NOT NULL, 
	text_hash BLOB NOT NULL, 
	vector BLOB NOT NULL, 
	PRIMARY KEY (model, text_hash, document_id), 
	FOREIGN KEY(document_id) REFERENCES documents (id) ON DELETE CASCADE
);
CREATE TABLE facts (
	name TEXT NOT NULL, 
	value TEXT NOT NULL, 
	PRIMARY KEY (name)
);
INSERT INTO "facts" VALUES('identity','af17a9976d1d4a53ba33e8b9fc94ca0a');
CREATE TABLE feedback (
	id TEXT NOT NULL, 
	at TEXT NOT NULL, 
	verdict TEXT NOT NULL, 
	remark TEXT NOT NULL, 
	answer TEXT NOT NULL, 
	PRIMARY KEY (id)
);
CREATE TABLE originals (
	sha256 TEXT NOT NULL, 
	content BLOB NOT NULL, 
	PRIMARY KEY (sha256), 
	FOREIGN KEY(sha256) REFERENCES versions (sha256) ON DELETE CASCADE
);
INSERT INTO "originals" VALUES('4c7e3eabfb0a7541cc01ea2e03140188fb503a64bef27e2735ce20ccb395fc7b',X'E7A4BAE4BE8BE58CBAE694AFE68C81E588B6E980A0E4B89AE58F91E5B195E88BA5E5B9B2E694BFE7AD960AE7A4BAE694BFE58A9EE3809432303233E3809537E58FB70AE59084E4B9A1E99587E38081E8A197E98193EFBC9A0AE4B880E38081E694AFE68C81E4BC81E4B89AE5819AE5A4A7E5819AE5BCBA0AEFBC88E4B880EFBC89E5AFB9E9A696E6ACA1E7BAB3E585A5E8A784E6A8A1E4BBA5E4B88AE5B7A5E4B89AE7BB9FE8AEA1E5BA93E79A84E4BC81E4B89AEFBC8CE7BB99E4BA88E4B880E6ACA1E680A7E5A596E58AB13230E4B887E58583E38082EFBC88E8B4A3E4BBBBE58D95E4BD8DEFBC9AE58CBAE7BB8FE4BFA1E5B180EFBC890AEFBC88E4BA8CEFBC89E5AFB9E59BBAE5AE9AE8B584E4BAA7E68A95E8B58435303030E4B887E58583E4BBA5E4B88AE79A84E696B0E5BC95E8BF9BE588B6E980A0E4B89AE9A1B9E79BAEEFBC8CE68C89E8AEBEE5A487E68A95E8B584E9A29DE79A84313025E7BB99E4BA88E8A1A5E58AA9EFBC8CE58D95E4B8AAE9A1B9E79BAEE69C80E9AB9831303030E4B887E58583E380820AE4BA8CE38081E99984E588990AE69CACE694BFE7AD96E887AA32303233E5B9B436E69C8831E697A5E8B5B7E696BDE8A18CEFBC8CE69C89E69588E69C9FE4B889E5B9B4E380820AE7A4BAE4BE8BE58CBAE4BABAE6B091E694BFE5BA9CE58A9EE585ACE5AEA40A32303233E5B9B435E69C883130E697A50A');
INSERT INTO "originals" VALUES('4edbd751b6eb479dd6167c62eeef5c3ac5e15c2808c4a01b09a9c704a8648398',X'E7A4BAE4BE8BE58CBAE694AFE68C81E588B6E980A0E4B89AE58F91E5B195E88BA5E5B9B2E694BFE7AD960AE7A4BAE694BFE58A9EE3809432303233E3809537E58FB70AE59084E4B9A1E99587E38081E8A197E98193EFBC9A0AE4B880E38081E694AFE68C81E4BC81E4B89AE5819AE5A4A7E5819AE5BCBA0AEFBC88E4B880EFBC89E5AFB9E9A696E6ACA1E7BAB3E585A5E8A784E6A8A1E4BBA5E4B88AE5B7A5E4B89AE7BB9FE8AEA1E5BA93E79A84E4BC81E4B89AEFBC8CE7BB99E4BA88E4B880E6ACA1E680A7E5A596E58AB13330E4B887E58583E38082EFBC88E8B4A3E4BBBBE58D95E4BD8DEFBC9AE58CBAE7BB8FE4BFA1E5B180EFBC890AEFBC88E4BA8CEFBC89E5AFB9E59BBAE5AE9AE8B584E4BAA7E68A95E8B58435303030E4B887E58583E4BBA5E4B88AE79A84E696B0E5BC95E8BF9BE588B6E980A0E4B89AE9A1B9E79BAEEFBC8CE68C89E8AEBEE5A487E68A95E8B584E9A29DE79A84313025E7BB99E4BA88E8A1A5E58AA9EFBC8CE58D95E4B8AAE9A1B9E79BAEE69C80E9AB9831303030E4B887E58583E380820AE4BA8CE38081E99984E588990AE69CACE694BFE7AD96E887AA32303233E5B9B436E69C8831E697A5E8B5B7E696BDE8A18CEFBC8CE69C89E69588E69C9FE4B889E5B9B4E380820AE7A4BAE4BE8BE58CBAE4BABAE6B091E694BFE5BA9CE58A9EE585ACE5AEA40A32303233E5B9B435E69C883130E697A50A');
INSERT INTO "originals" VALUES('f408846fdd5b933267f869dd9c69ad6bcb69f0dc03795a515a7c767aafd94a58',X'E585B3E4BA8EE5819AE5A5BDE998B2E6B19BE5B7A5E4BD9CE79A84E9809AE79FA50AE7A4BAE694BFE58A9EE3809432303233E3809538E58FB70AE59084E4B9A1E99587E38081E8A197E98193EFBC9A0AE4B880E38081E58AA0E5BCBAE580BCE78FADE580BCE5AE88E380820A32303233E5B9B436E69C8831E697A50A');
CREATE TABLE versions (
	sha256 TEXT NOT NULL, 
	document_id TEXT NOT NULL, 
	ordinal INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	media_type TEXT NOT NULL, 
	added_at TEXT NOT NULL, 
	parsed TEXT NOT NULL, 
	PRIMARY KEY (sha256), 
	FOREIGN KEY(document_id) REFERENCES documents (id) ON DELETE CASCADE
);
INSERT INTO "versions" VALUES('4c7e3eabfb0a7541cc01ea2e03140188fb503a64bef27e2735ce20ccb395fc7b','示政办〔2023〕7号',1,'示政办7号.txt','text/plain','2026-11-28T23:10:30+00:00','{"id":"示政办〔2023〕7号","path":"示政办7号.txt","sha256":"4c7e3eabfb0a7541cc01ea2e03140188fb503a64bef27e2735ce20ccb395fc7b","text":"示例区支持制造业发展若干政策\n示政办〔2023〕7号\n各乡镇、街道：\n一、支持企业做大做强\n（一）对首次纳入规模以上工业统计库的企业，给予一次性奖励20万元。（责任单位：区经信局）\n（二）对固定资产投资5000万元以上的新引进制造业项目，按设备投资额的10%给予补助，单个项目最高1000万元。\n二、附则\n本政策自2023年6月1日起施行，有效期三年。\n示例区人民政府办公室\n2023年5月10日\n","metadata":{"title":"示例区支持制造业发展若干政策","document_number":{"code":"示政办","year":2023,"serial":7,"canonical":"示政办〔2023〕7号","printed":"示政办〔2023〕7号","span":{"start":15,"end":26},"flags":["unknown_code"],"confidence":0.9},"issuers":["示例区人民政府办公室"],"level":"district","region":"示例区","kind":"若干政策","addressees":"各乡镇、街道","issued_on":"2023-05-10","sources":[["title",{"start":0,"end":14},"标题行"],["kind",{"start":0,"end":14},"标题行"],["document_number",{"start":15,"end":26},"文号行"],["issuers",{"start":177,"end":187},"落款"],["level",{"start":177,"end":187},"发文机关"],["region",{"start":177,"end":187},"发文机关"],["issued_on",{"start":188,"end":198},"落款"],["addressees",{"start":27,"end":34},"主送机关行"]]},"clauses":[{"id":"示政办〔2023〕7号#首","path":"","marker":"","heading":"","text":"","span":{"start":0,"end":15},"page":null,"kind":"front"},{"id":"示政办〔2023〕7号#首_2","path":"","marker":"","heading":"","text":"","span":{"start":15,"end":27},"page":null,"kind":"front"},{"id":"示政办〔2023〕7号#首_3","path":"","marker":"","heading":"","text":"","span":{"start":27,"end":35},"page":null,"kind":"front"},{"id":"示政办〔2023〕7号#一","path":"一、","marker":"一、","heading":"支持企业做大做强","text":"","span":{"start":35,"end":46},"page":null,"kind":"heading"},{"id":"示政办〔2023〕7号#一(一)","path":"一、（一）","marker":"（一）","heading":"","text":"","span":{"start":46,"end":91},"page":null,"kind":"body","parent":"示政办〔2023〕7号#一","depth":1},{"id":"示政办〔2023〕7号#一(二)","path":"一、（二）","marker":"（二）","heading":"","text":"","span":{"start":91,"end":148},"page":null,"kind":"body","parent":"示政办〔2023〕7号#一","depth":1},{"id":"示政办〔2023〕7号#二","path":"二、","marker":"二、","heading":"附则","text":"","span":{"start":148,"end":153},"page":null,"kind":"heading"},{"id":"示政办〔2023〕7号#二段","path":"二、","marker":"","heading":"","text":"","span":{"start":153,"end":177},"page":null,"kind":"body","parent":"示政办〔2023〕7号#二","depth":1},{"id":"示政办〔2023〕7号#尾","path":"","marker":"","heading":"","text":"","span":{"start":177,"end":188},"page":null,"kind":"back"},{"id":"示政办〔2023〕7号#尾_2","path":"","marker":"","heading":"","text":"","span":{"start":188,"end":199},"page":null,"kind":"back"}],"terms":{"effective_on":"2023-06-01","effective_basis":"明示日期","effective_span":{"start":156,"end":169},"expires_on":"2026-05-31","expires_basis":"期限推算","expires_span":{"start":170,"end":175},"flags":["boundary_day_ambiguous:2026-06-01"]}}');
INSERT INTO "versions" VALUES('4edbd751b6eb479dd6167c62eeef5c3ac5e15c2808c4a01b09a9c704a8648398','示政办〔2023〕7号',2,'示政办7号.txt','text/plain','2026-11-28T23:10:30+00:00','{"id":"示政办〔2023〕7号","path":"示政办7号.txt","sha256":"4edbd751b6eb479dd6167c62eeef5c3ac5e15c2808c4a01b09a9c704a8648398","text":"示例区支持制造业发展若干政策\n示政办〔2023〕7号\n各乡镇、街道：\n一、支持企业做大做强\n（一）对首次纳入规模以上工业统计库的企业，给予一次性奖励30万元。（责任单位：区经信局）\n（二）对固定资产投资5000万元以上的新引进制造业项目，按设备投资额的10%给予补助，单个项目最高1000万元。\n二、附则\n本政策自2023年6月1日起施行，有效期三年。\n示例区人民政府办公室\n2023年5月10日\n","metadata":{"title":"示例区支持制造业发展若干政策","document_number":{"code":"示政办","year":2023,"serial":7,"canonical":"示政办〔2023〕7号","printed":"示政办〔2023〕7号","span":{"start":15,"end":26},"flags":["unknown_code"],"confidence":0.9},"issuers":["示例区人民政府办公室"],"level":"district","region":"示例区","kind":"若干政策","addressees":"各乡镇、街道","issued_on":"2023-05-10","sources":[["title",{"start":0,"end":14},"标题行"],["kind",{"start":0,"end":14},"标题行"],["document_number",{"start":15,"end":26},"文号行"],["issuers",{"start":177,"end":187},"落款"],["level",{"start":177,"end":187},"发文机关"],["region",{"start":177,"end":187},"发文机关"],["issued_on",{"start":188,"end":198},"落款"],["addressees",{"start":27,"end":34},"主送机关行"]]},"clauses":[{"id":"示政办〔2023〕7号#首","path":"","marker":"","heading":"","text":"","span":{"start":0,"end":15},"page":null,"kind":"front"},{"id":"示政办〔2023〕7号#首_2","path":"","marker":"","heading":"","text":"","span":{"start":15,"end":27},"page":null,"kind":"front"},{"id":"示政办〔2023〕7号#首_3","path":"","marker":"","heading":"","text":"","span":{"start":27,"end":35},"page":null,"kind":"front"},{"id":"示政办〔2023〕7号#一","path":"一、","marker":"一、","heading":"支持企业做大做强","text":"","span":{"start":35,"end":46},"page":null,"kind":"heading"},{"id":"示政办〔2023〕7号#一(一)","path":"一、（一）","marker":"（一）","heading":"","text":"","span":{"start":46,"end":91},"page":null,"kind":"body","parent":"示政办〔2023〕7号#一","depth":1},{"id":"示政办〔2023〕7号#一(二)","path":"一、（二）","marker":"（二）","heading":"","text":"","span":{"start":91,"end":148},"page":null,"kind":"body","parent":"示政办〔2023〕7号#一","depth":1},{"id":"示政办〔2023〕7号#二","path":"二、","marker":"二、","heading":"附则","text":"","span":{"start":148,"end":153},"page":null,"kind":"heading"},{"id":"示政办〔2023〕7号#二段","path":"二、","marker":"","heading":"","text":"","span":{"start":153,"end":177},"page":null,"kind":"body","parent":"示政办〔2023〕7号#二","depth":1},{"id":"示政办〔2023〕7号#尾","path":"","marker":"","heading":"","text":"","span":{"start":177,"end":188},"page":null,"kind":"back"},{"id":"示政办〔2023〕7号#尾_2","path":"","marker":"","heading":"","text":"","span":{"start":188,"end":199},"page":null,"kind":"back"}],"terms":{"effective_on":"2023-06-01","effective_basis":"明示日期","effective_span":{"start":156,"end":169},"expires_on":"2026-05-31","expires_basis":"期限推算","expires_span":{"start":170,"end":175},"flags":["boundary_day_ambiguous:2026-06-01"]}}');
INSERT INTO "versions" VALUES('f408846fdd5b933267f869dd9c69ad6bcb69f0dc03795a515a7c767aafd94a58','示政办〔2023〕8号',1,'防汛.txt','text/plain','2026-11-28T23:10:30+00:00','{"id":"示政办〔2023〕8号","path":"防汛.txt","sha256":"f408846fdd5b933267f869dd9c69ad6bcb69f0dc03795a515a7c767aafd94a58","text":"关于做好防汛工作的通知\n示政办〔2023〕8号\n各乡镇、街道：\n一、加强值班值守。\n2023年6月1日\n","metadata":{"title":"关于做好防汛工作的通知","document_number":{"code":"示政办","year":2023,"serial":8,"canonical":"示政办〔2023〕8号","printed":"示政办〔2023〕8号","span":{"start":12,"end":23},"flags":["unknown_code"],"confidence":0.9},"kind":"通知","addressees":"各乡镇、街道","issued_on":"2023-06-01","sources":[["title",{"start":0,"end":11},"标题行"],["kind",{"start":0,"end":11},"标题行"],["document_number",{"start":12,"end":23},"文号行"],["issued_on",{"start":42,"end":51},"落款"],["addressees",{"start":24,"end":31},"主送机关行"]]},"clauses":[{"id":"示政办〔2023〕8号#首","path":"","marker":"","heading":"","text":"","span":{"start":0,"end":12},"page":null,"kind":"front"},{"id":"示政办〔2023〕8号#首_2","path":"","marker":"","heading":"","text":"","span":{"start":12,"end":24},"page":null,"kind":"front"},{"id":"示政办〔2023〕8号#首_3","path":"","marker":"","heading":"","text":"","span":{"start":24,"end":32},"page":null,"kind":"front"},{"id":"示政办〔2023〕8号#一","path":"一、","marker":"一、","heading":"","text":"","span":{"start":32,"end":42},"page":null,"kind":"body"},{"id":"示政办〔2023〕8号#尾","path":"","marker":"","heading":"","text":"","span":{"start":42,"end":52},"page":null,"kind":"back"}]}');
CREATE INDEX ix_documents_number_key ON documents (number_key);
CREATE INDEX ix_documents_content_key ON documents (content_key);
CREATE INDEX ix_documents_path ON documents (path);
CREATE INDEX ix_changes_document_id ON changes (document_id);
CREATE INDEX ix_versions_document_id ON versions (document_id);
CREATE INDEX embeddings_of_document ON embeddings (document_id);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('changes',3);
COMMIT;
