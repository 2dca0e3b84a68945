import { LIVE_TAG, type LiveHost, type SqlWatch } from "../live-ops/index.ts";

/** What a host does with its storage, told in the turn in which it does it. */
export type Told = {
	/** Asked for with each statement: the first one opens the log. */
	watch(): SqlWatch;
	/** Tables may have been made or changed: by this statement, or by the one that follows. */
	schema(): void;
	/** Before a statement: what `schema` told of has to be captured by now. */
	settled(): void;
	/** An asynchronous transaction was rolled back, after its writes may have been told. */
	undone(): void;
	/** Everything that is stored is about to be deleted. */
	emptied(): void;
	/** A value of the key-value store was put, or deleted (undefined). */
	kept(key: string, value: unknown): void;
};

const SCHEMA = /\b(create|alter|drop)\b/i;
/** Only the rows of the last of several statements are counted. */
const SEVERAL = /;\s*\S/;

/**
 * Puts live-ops under the storage of a host that knows nothing of it (FEED-10): the object that its code calls stays the same one,
 * only that each statement is told. Gives what was there before, for live-ops itself.
 */
export function hookHost(ctx: DurableObjectState, told: Told): LiveHost {
	const { storage } = ctx;
	const { sql } = storage;
	const own: LiveHost = {
		storage: {
			sql: { exec: sql.exec.bind(sql) as SqlStorage["exec"] },
			transactionSync: storage.transactionSync.bind(storage),
		},
		acceptWebSocket: ctx.acceptWebSocket.bind(ctx),
		getWebSockets: ctx.getWebSockets.bind(ctx),
		getTags: ctx.getTags.bind(ctx),
		getWebSocketAutoResponse: ctx.getWebSocketAutoResponse.bind(ctx),
		setWebSocketAutoResponse: ctx.setWebSocketAutoResponse.bind(ctx),
	};

	sql.exec = ((text: string, ...bindings: unknown[]) => {
		const schema = SCHEMA.test(text);
		if (!schema) told.settled();
		const watch = told.watch();
		watch.before();
		const cursor = own.storage.sql.exec(text, ...(bindings as SqlStorageValue[]));
		if (schema) told.schema();
		if (cursor.rowsWritten > 0 || SEVERAL.test(text)) watch.wrote();
		return cursor;
	}) as SqlStorage["exec"];

	storage.transactionSync = <T>(run: () => T): T => {
		try {
			return own.storage.transactionSync(run);
		} catch (error) {
			told.watch().rolledBack();
			throw error;
		}
	};

	const transaction = storage.transaction.bind(storage);
	storage.transaction = async <T>(run: (txn: DurableObjectTransaction) => Promise<T>): Promise<T> => {
		try {
			return await transaction(run);
		} catch (error) {
			told.undone();
			throw error;
		}
	};

	const deleteAll = storage.deleteAll.bind(storage);
	storage.deleteAll = async (options) => {
		told.emptied();
		await deleteAll(options);
	};

	hookValues(storage, told);

	// Who asks for all sockets means those of the host: what it sends them is not of the feed's protocol.
	ctx.getWebSockets = (tag) => {
		const sockets = own.getWebSockets(tag);
		return tag === undefined
			? sockets.filter((socket) => !own.getTags(socket).some((one) => one.startsWith(LIVE_TAG)))
			: sockets;
	};
	return own;
}

/** Key-value pairs have no triggers: they are told as they are put, in the same turn and so in the same transaction. */
function hookValues(storage: DurableObjectStorage, told: Told): void {
	const put = storage.put.bind(storage) as (...args: unknown[]) => Promise<void>;
	storage.put = ((first: string | Record<string, unknown>, ...rest: unknown[]) => {
		const done = put(first, ...rest);
		if (typeof first === "string") told.kept(first, rest[0]);
		else for (const [key, value] of Object.entries(first)) told.kept(key, value);
		return done;
	}) as DurableObjectStorage["put"];

	const remove = storage.delete.bind(storage) as (...args: unknown[]) => Promise<unknown>;
	storage.delete = ((keys: string | string[], ...rest: unknown[]) => {
		const done = remove(keys, ...rest);
		for (const key of [keys].flat()) told.kept(key, undefined);
		return done;
	}) as DurableObjectStorage["delete"];

	const { kv } = storage;
	const putNow = kv.put.bind(kv);
	kv.put = (key, value) => {
		putNow(key, value);
		told.kept(key, value);
	};
	const removeNow = kv.delete.bind(kv);
	kv.delete = (key) => {
		const was = removeNow(key);
		told.kept(key, undefined);
		return was;
	};
}
