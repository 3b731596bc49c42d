import { defineMailModels } from "@mail/../tests/mail_test_helpers";

import { expect, test } from "@odoo/hoot";
import { queryAllTexts } from "@odoo/hoot-dom";
import { animationFrame, Deferred, runAllTimers } from "@odoo/hoot-mock";
import {
    contains,
    getService,
    mountWithCleanup,
    onRpc,
} from "@web/../tests/web_test_helpers";
import { WebClient } from "@web/webclient/webclient";

defineMailModels();

function makeFiles(...names) {
    return names.map((name) => ({ file: new File([`de ${name}`], name), path: "" }));
}

/** A server that takes pieces, and fails as often as it is told for some files. */
function mockServer({ failures = {}, refused = {} } = {}) {
    const names = {};
    let session = 0;
    onRpc("gck.documento.subida", "open_sessions", ({ args }) =>
        args[0].map(({ name }) => {
            if (refused[name]) {
                return { error: refused[name] };
            }
            names[++session] = name;
            return { id: session, offset: 0, chunk: 4 };
        })
    );
    onRpc("gck.documento.subida", "action_finish", ({ args }) => ({
        documento_id: args[0][0],
        name: names[args[0][0]],
        duplicate: names[args[0][0]] === "doble.txt",
    }));
    onRpc(
        "/gck/documento/subida/<int:session_id>",
        async (request, { session_id: id }) => {
            const name = names[id];
            if (failures[name]) {
                failures[name]--;
                return new Response("", { status: 500 });
            }
            const { size } = await request.blob();
            const offset = parseInt(new URL(request.url).searchParams.get("offset")) + size;
            return new Response(JSON.stringify({ offset }), { status: 200 });
        },
        { pure: true }
    );
}

test("K-28: three files go up in pieces, each with its state", async () => {
    mockServer();
    await mountWithCleanup(WebClient);
    const done = new Deferred();
    getService("gck_subida").upload(
        makeFiles("uno.txt", "doble.txt", "tres.txt"),
        { carpeta_id: 1 },
        (items) => done.resolve(items)
    );
    const items = await done;
    await animationFrame();
    expect(items.map((item) => item.sent)).toEqual([10, 12, 11]);
    expect(".o_gck_subida_title").toHaveText("3 files uploaded");
    expect(queryAllTexts(".o_gck_subida_file .text-truncate")).toEqual([
        "doble.txt",
        "uno.txt",
        "tres.txt",
    ]);
    expect(".o_gck_subida_file[data-status=duplicate]").toHaveCount(1);
    await contains(".o_gck_subida_close").click();
    expect(".o_gck_subida").toHaveCount(0);
});

test("K-28: what failed says why and is tried again where it was", async () => {
    // The first sending and its three repetitions.
    mockServer({ failures: { "mal.txt": 4 }, refused: { "grande.bin": "Demasiado grande" } });
    await mountWithCleanup(WebClient);
    const done = new Deferred();
    getService("gck_subida").upload(
        makeFiles("bien.txt", "mal.txt", "grande.bin"),
        {},
        (items) => done.resolve(items)
    );
    for (let pause = 0; pause < 8; pause++) {
        await animationFrame();
        await runAllTimers();
    }
    await done;
    await animationFrame();
    expect(".o_gck_subida_title").toHaveText("2 of 3 could not be uploaded");
    expect(".o_gck_subida_file[data-status=error]").toHaveCount(2);
    expect(".o_gck_subida_files").toHaveText(/Demasiado grande/);
    // What the server refuses is not to be tried again.
    expect(".o_gck_subida_retry").toHaveCount(1);
    await contains(".o_gck_subida_retry").click();
    for (let pause = 0; pause < 4; pause++) {
        await animationFrame();
    }
    expect(".o_gck_subida_file[data-status=done]").toHaveCount(2);
});
