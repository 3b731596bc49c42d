/**
 * What somebody dropped or chose, folders with all that is in them.
 *
 * @typedef {{ file: File, path: string }} Dropped the path is that of the folder of the
 *  file below what was dropped, with slashes, empty for a file on its own
 */

/** Entries are only to be had while the event is handled: call it before any await. */
export function getEntries(dataTransfer) {
    return [...(dataTransfer.items || [])]
        .filter((item) => item.kind === "file")
        .map((item) => item.webkitGetAsEntry?.() || item.getAsFile())
        .filter(Boolean);
}

/**
 * @param {(FileSystemEntry|File)[]} entries
 * @returns {Promise<Dropped[]>}
 */
export async function readEntries(entries) {
    const found = [];
    for (const entry of entries) {
        await readEntry(entry, "", found);
    }
    return found;
}

async function readEntry(entry, path, found) {
    if (entry instanceof File) {
        found.push({ file: entry, path });
    } else if (entry.isFile) {
        const file = await new Promise((resolve, reject) => entry.file(resolve, reject));
        found.push({ file, path });
    } else if (entry.isDirectory) {
        const inside = path ? `${path}/${entry.name}` : entry.name;
        const reader = entry.createReader();
        for (;;) {
            // Browsers hand out a hundred at a time.
            const batch = await new Promise((resolve, reject) =>
                reader.readEntries(resolve, reject)
            );
            if (!batch.length) {
                break;
            }
            for (const child of batch) {
                await readEntry(child, inside, found);
            }
        }
    }
}

/**
 * @param {DataTransfer} dataTransfer
 * @returns {Promise<Dropped[]>}
 */
export function readDataTransfer(dataTransfer) {
    const entries = getEntries(dataTransfer);
    return readEntries(entries.length ? entries : [...dataTransfer.files]);
}

/**
 * @param {FileList} files of an input; of one for folders they have their path
 * @returns {Dropped[]}
 */
export function readFileList(files) {
    return [...files].map((file) => ({
        file,
        path: (file.webkitRelativePath || "").split("/").slice(0, -1).join("/"),
    }));
}
