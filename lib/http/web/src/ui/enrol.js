// Enrolling a photo. A face that is somebody else's is told before anything is stored.

import { api, ApiError } from "../api.js";
import { fill, h } from "../h.js";
import { pageUrl, part } from "../place.js";
import { go } from "../router.js";
import { number, t } from "../texts.js";
import { openDialog } from "./dialog.js";
import { form, Refused } from "./form.js";
import { PhotoField, reduced } from "./photo_field.js";
import { toast } from "./toast.js";

const distance = (value) => number(value, { maximumFractionDigits: 3 });

/// Who it is that the face belongs to already.
function duplicate(error) {
    const { resembles, distance: apart } = error.problem;
    return h("div", { class: "notice warn", role: "alert" },
        h("p", {}, t("enrol.duplicate", { id: resembles, distance: apart === null ? "?" : distance(apart) })),
        h("p", {}, h("a", { href: pageUrl(`people/${part(resembles)}`) }, t("enrol.duplicate.open", { id: resembles }))));
}

const k_reasons = ["no_face", "many_faces", "low_quality", "unreadable", "too_large"];

/// Sends one photo. Throws Refused with a text for people when the photo is no good.
export async function enrolPhoto(id, name, photo) {
    const body = new FormData();
    body.append("image", await reduced(photo), "photo.jpg");
    if (name) body.append("name", name);
    try {
        return await api.upload(`people/${part(id)}/photos`, body);
    } catch (error) {
        if (error instanceof ApiError && k_reasons.includes(error.code)) throw new Refused(t(`enrol.${error.code}`));
        throw error;
    }
}

/// For a new person, or one more photo of `person`. `photo`: one that is there already.
export function enrolDialog(person = null, photo = null) {
    const notice = h("div");
    const field = new PhotoField({ act: () => notice.replaceChildren() });
    if (photo) field.take(photo);
    const content = form({
        fields: [
            person ? null : { name: "id", label: t("person.id"), isRequired: true, hint: t("person.id.hint"), attributes: { autocapitalize: "none", spellcheck: "false" } },
            person ? null : { name: "name", label: t("person.name") },
            field.element,
            notice,
        ],
        submit: t("enrol.submit"),
        cancel: () => dialog.close(),
        act: async ({ id = person?.id, name = "" }) => {
            notice.replaceChildren();
            if (!field.file) throw new Refused(t("photo.missing"));
            let answer;
            try {
                answer = await enrolPhoto(id, name, field.file);
            } catch (error) {
                if (!(error instanceof ApiError) || error.status !== 409 || !error.problem.resembles) throw error;
                fill(notice, duplicate(error));
                return;
            }
            dialog.close();
            toast(t(answer.result === "unchanged" ? "enrol.unchanged" : "enrol.done", { name: name || person?.name || id }), answer.result === "unchanged" ? "note" : "done");
            if (answer.resembles) toast(t("enrol.resembles", { id: answer.resembles }), "error");
            if (!person) go(pageUrl(`people/${part(id)}`));
        },
    });
    const dialog = openDialog(person ? t("enrol.more", { name: person.name ?? person.id }) : t("people.enrol"), content);
}
