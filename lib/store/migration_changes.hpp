#pragma once
// Schema step 7: whose templates changed, so that whoever has read them all need not do so again. Private to migrations.cpp.

namespace bioctl::store {

// Filled by triggers, so that no statement can forget it. What it says is "read this person again", not what happened. The first
// row keeps the table from ever being empty. The stamp tells a row from another one that took its number after a rollback, or
// that an older copy of the file has in its place. It holds keys, not ids: of a removed person no byte may stay.
// k_changes_kept in templates.hpp speaks of the numbers at the end.
constexpr auto k_changes = R"sql(
    CREATE TABLE gallery_change (
        seq      INTEGER PRIMARY KEY AUTOINCREMENT,
        modality TEXT NOT NULL,
        person   INTEGER NOT NULL,
        stamp    INTEGER NOT NULL DEFAULT (random())
    ) STRICT;
    INSERT INTO gallery_change (modality, person) VALUES ('', 0);

    CREATE TRIGGER template_added AFTER INSERT ON template BEGIN
        INSERT INTO gallery_change (modality, person) VALUES (NEW.modality, NEW.person);
    END;
    CREATE TRIGGER template_removed AFTER DELETE ON template BEGIN
        INSERT INTO gallery_change (modality, person) VALUES (OLD.modality, OLD.person);
    END;
    CREATE TRIGGER template_changed AFTER UPDATE OF person, modality, contract, vector ON template BEGIN
        INSERT INTO gallery_change (modality, person) VALUES (OLD.modality, OLD.person);
        INSERT INTO gallery_change (modality, person) SELECT NEW.modality, NEW.person
            WHERE NEW.person <> OLD.person OR NEW.modality <> OLD.modality;
    END;
    CREATE TRIGGER person_renamed AFTER UPDATE OF id, name ON person WHEN NEW.id <> OLD.id OR NEW.name <> OLD.name BEGIN
        INSERT INTO gallery_change (modality, person) SELECT DISTINCT modality, NEW.key FROM template WHERE person = NEW.key;
    END;
    CREATE TRIGGER person_removed BEFORE DELETE ON person BEGIN
        INSERT INTO gallery_change (modality, person) SELECT DISTINCT modality, OLD.key FROM template WHERE person = OLD.key;
    END;
    CREATE TRIGGER gallery_change_pruned AFTER INSERT ON gallery_change WHEN NEW.seq % 1024 = 0 BEGIN
        DELETE FROM gallery_change WHERE seq <= NEW.seq - 16384;
    END;
)sql";

}  // namespace bioctl::store
