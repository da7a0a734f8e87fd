/** Where an identity of a Flume service is: its socket, its data directory, or its HTTP address. */
export type Where = (
  | { socket: string }
  | { directory: string; identity: string }
  | { http: string; identity: string }
) & {
  /** How long a call waits for a service that is away, in ms; 60000 when left out. */
  patience?: number
}

/** What an error means for the caller; see the README. */
export type Code = 'UNREACHABLE' | 'NO_IDENTITY' | 'LOST' | 'REMOTE' | 'SHRANK' | 'CLOSED' | 'USAGE' | 'flumelog:deleted'

export class FlumeError extends Error {
  constructor (code: Code, message: string, name?: string)
  code: Code
}

/** A pull-stream source. */
export type Source<T> = (abort: true | Error | null, cb: (end: true | Error | null, item?: T) => void) => void

/** A value that can be listened to, as npm obv has it. */
export interface Observable<T> {
  (listener: (value: T) => void, immediately?: boolean): () => void
  once (listener: (value: T) => void, immediately?: boolean): () => void
  set (value: T): Observable<T>
  value: T | undefined
}

export interface StreamOptions {
  gt?: number
  gte?: number
  lt?: number
  lte?: number
  reverse?: boolean
  live?: boolean
  old?: boolean
  limit?: number
  seqs?: boolean
  values?: boolean
}

export interface Codec<T> {
  encode (value: T): string | Uint8Array
  decode (encoded: any): T
  /** True when decode takes a Buffer rather than a string. */
  buffer?: boolean
}

export interface FlumelogOptions<T> {
  /** Where flumedb's views keep their files: beside this file, which the log itself never writes. */
  filename?: string
  /** The same as a folder. */
  dir?: string
  /** How records are written; JSON when left out. Needs the socket. */
  codec?: Codec<T>
  /** What an append waits for: the disk (fsync, the default), or the operating system. */
  durability?: 'fsync' | 'os'
}

/** A log as flumedb takes it. */
export interface Flumelog<T = any> {
  filename: string | undefined
  since: Observable<number>
  get (seq: number, cb: (error: Error | null, value?: T) => void): void
  stream (options?: StreamOptions): Source<T | number | { value: T; seq: number }>
  append (values: T | T[], cb?: (error: Error | null, seq?: number) => void): void
  del (seqs: number | number[], cb?: (error: Error | null) => void): void
  close (cb?: (error?: Error | null) => void): void
  methods: { del: 'async' }
}

/** A message as the service stores it. */
export interface Stored<C = any> {
  key: string
  value: { previous: string | null; sequence: number; author: string; timestamp: number; hash: 'sha256'; content: C; signature: string }
  timestamp: number
}

/** Bounds of a stream of messages; what they bound is said at each method by `flume call help`. */
export interface Bounds {
  gt?: number
  gte?: number
  lt?: number
  lte?: number
  reverse?: boolean
  limit?: number
  live?: boolean
  old?: boolean
  keys?: boolean
  values?: boolean
  private?: boolean
}

/** A query of ssb-query: stages of map-filter-reduce. */
export interface Query extends Pick<Bounds, 'limit' | 'reverse' | 'live' | 'old'> {
  query: Array<{ $filter: any } | { $map: any } | { $reduce: any } | { $sort: any }>
}

/** Methods that answer once: arguments and answer. `call` takes others too, as any. */
export interface Calls {
  whoami: () => { id: string }
  version: () => string
  get: (id: string | number | { id: string; private?: boolean; unbox?: string; meta?: boolean }) => any
  publish: (content: { type: string; recps?: string[]; [member: string]: any }) => Stored
  add: (message: object) => Stored
  del: (id: string) => void
  getLatest: (feed: string) => { key: string; value: Stored['value'] } | undefined
  getAtSequence: (place: [feed: string, sequence: number]) => Stored
  latestSequence: (feed: string) => number
  getVectorClock: () => { [feed: string]: number }
  status: () => any
  progress: () => { indexes: { start: number; current: number; target: number } }
  'about.socialValue': (options: { key: string; dest: string }) => any
  'about.latestValue': (options: { key: string; dest: string }) => any
  'query.explain': (query: Query) => any
  'friends.isFollowing': (options: { source: string; dest: string }) => boolean
  'friends.isBlocking': (options: { source: string; dest: string }) => boolean
}

/** Methods that answer with a stream: arguments and items. `stream` and `source` take others too, as any. */
export interface Streams {
  createLogStream: (options?: Bounds & { raw?: boolean }) => Stored
  createFeedStream: (options?: Bounds) => Stored
  createUserStream: (options: Bounds & { id: string }) => Stored
  createHistoryStream: (options: { id: string; seq?: number; limit?: number; live?: boolean; old?: boolean; keys?: boolean; values?: boolean }) => Stored
  messagesByType: (options: string | (Bounds & { type: string })) => Stored
  links: (options: { source?: string; dest?: string; rel?: string; keys?: boolean; meta?: boolean; values?: boolean; reverse?: boolean; live?: boolean; old?: boolean }) =>
    { source: string; dest: string; rel: string; key?: string; value?: Stored['value'] }
  latest: () => { id: string; sequence: number; ts: number }
  'query.read': (query: Query) => any
  'backlinks.read': (query: Query) => Stored
  'private.read': (options?: Bounds) => Stored
  'search.query': (options: { query: string; limit?: number }) => Stored
}

/** One identity of a Flume service. */
export class Client {
  call<K extends keyof Calls> (name: K, ...args: Parameters<Calls[K]>): Promise<ReturnType<Calls[K]>>
  call<T = any, N extends string = string> (name: N extends keyof Calls ? never : N, ...args: any[]): Promise<T>
  source<K extends keyof Streams> (name: K, ...args: Parameters<Streams[K]>): Source<ReturnType<Streams[K]>>
  source<T = any, N extends string = string> (name: N extends keyof Streams ? never : N, ...args: any[]): Source<T>
  stream<K extends keyof Streams> (name: K, ...args: Parameters<Streams[K]>): AsyncGenerator<ReturnType<Streams[K]>, void, void>
  stream<T = any, N extends string = string> (name: N extends keyof Streams ? never : N, ...args: any[]): AsyncGenerator<T, void, void>
  send<T = any> (name: string, args: any[], items: Iterable<T> | AsyncIterable<T>): Promise<void>
  flumelog<T = any> (options?: FlumelogOptions<T>): Flumelog<T>
  close (): Promise<void>
}

/** Rejects with UNREACHABLE when the service is not there, nor comes within three seconds (or patience, when that is less). */
export function connect (where: Where): Promise<Client>

/** A flumelog with a connection of its own. */
export function flumelog<T = any> (options: Where & FlumelogOptions<T>): Flumelog<T>

/** A message as views see it: private content opened where the identity can. */
export interface Message {
  key: string
  value: { author: string; sequence: number; timestamp: number; content: any; [member: string]: any }
  timestamp: number
}

/** A view whose code runs in this process; the state is JSON. */
export interface ViewOptions<S, M = Message> {
  /** 1 to 64 lower-case letters, digits and dashes. */
  name: string
  /** Raise it whenever another state would come out: the service then starts over. */
  version: number
  /** Makes something of each message; null and undefined are passed over. Left out, messages are reduced as they are. */
  map?: (message: Message, seq: number) => M | null | undefined
  /** The next state; may be the one given, changed. */
  reduce: (state: S, mapped: M, seq: number) => S
  /** The state before the first message. */
  initial?: S
}

/** A view that runs. */
export interface RegisteredView<S> {
  readonly name: string
  readonly version: number
  /** The state up to `since`, of which the service may not have all yet. */
  readonly state: S
  readonly since: number
  /** Why it stopped; null while it runs. */
  readonly error: Error | null
  /** Resolves with that when it has stopped. */
  readonly stopped: Promise<Error | null>
  /** The state as the service has it, once it reflects every record of before the call; {wait: false} takes it as it is. */
  get (options?: { wait?: boolean }): Promise<S>
  onMove (listener: (state: S, since: number) => void): () => void
  close (): Promise<Error | null>
}

/** Registers a view and keeps it up to date until it is closed. */
export function registerView<S, M = Message> (client: Pick<Client, 'call' | 'source'>, options: ViewOptions<S, M>): RegisteredView<S>
