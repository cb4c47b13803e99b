-- A person's name in any language: {"ja": "…", "en": "…"} instead of one column for each of two.

ALTER TABLE people ADD COLUMN name TEXT NOT NULL DEFAULT '{}';

UPDATE people SET name =
    '{"ja":"' || replace(replace(replace(replace(name_ja, '\', '\\'), '"', '\"'), '
', ' '), '	', ' ')
    || '","en":"' || replace(replace(replace(replace(name_en, '\', '\\'), '"', '\"'), '
', ' '), '	', ' ') || '"}';

ALTER TABLE people DROP COLUMN name_ja;

ALTER TABLE people DROP COLUMN name_en;
