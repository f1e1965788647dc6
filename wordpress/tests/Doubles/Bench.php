<?php

namespace RunCloudRelay\Tests\Doubles;

use RunCloudRelay\Http\Relay;
use RunCloudRelay\Http\RelayClient;
use RunCloudRelay\Queue\Event;
use RunCloudRelay\Queue\Recorder;
use RunCloudRelay\Queue\Sender;
use RunCloudRelay\Queue\Settlement;
use RunCloudRelay\Queue\Worker;
use RunCloudRelay\Reconcile\Difference;
use RunCloudRelay\Reconcile\Findings;
use RunCloudRelay\Reconcile\Reconciler;
use RunCloudRelay\Settings\RelayAddress;
use RunCloudRelay\Webhook\RelaySecret;

/** The queue and its sender over doubles, for a test to drive step by step. */
final class Bench implements Relay, Findings {
	public const SECRET = 'whsec_cmVsYXkgdmVjdG9yczogdGhlIGZpcnN0IGtleSwgMzJi';
	public const DOMAIN = 'shop.acme-bikes.com';

	public ManualClock $clock;
	public MemoryNames $names;
	public MemoryEvents $events;
	public MemoryDomains $domains;
	public RecordedWakeups $wakeups;
	public ScriptedRelay $relay;
	public Recorder $recorder;
	public Worker $worker;
	public Reconciler $reconciler;
	/** Not set up, or a copy of the network. */
	public bool $isClosed = false;
	public bool $hasReadToken = false;
	/** @var array{difference: Difference, isComplete: bool}|null */
	public ?array $findings = null;
	private Sender $sender;

	public function __construct() {
		$this->clock = new ManualClock();
		$this->names = new MemoryNames();
		$this->events = new MemoryEvents();
		$this->domains = new MemoryDomains();
		$this->wakeups = new RecordedWakeups();
		$this->relay = new ScriptedRelay();
		$made = 0;
		$randomBytes = static function () use ( &$made ): string {
			return pack( 'J2', 0, ++$made );
		};
		$this->recorder = new Recorder( $this->names, $this->events, $this->domains, $this->wakeups, $this->clock, $randomBytes );
		$this->sender = new Sender( $this->names, $this->domains, $this->events, $this->recorder, $this->clock );
		$this->worker = new Worker( $this->events, $this->sender, $this, $this->wakeups, $this->clock );
		$this->reconciler = new Reconciler( $this->names, $this->domains, $this->events, $this->recorder, $this, $this, $this->clock );
	}

	public function open(): ?RelayClient {
		$token = $this->hasReadToken ? 'a-read-token-of-thirty-two-characters' : null;
		return $this->isClosed ? null : new RelayClient( $this->relay, $this->clock, RelayAddress::parse( 'https://relay.example.org/default' ), RelaySecret::parse( self::SECRET ), $token );
	}

	/** Sends the event that is due, if any. */
	public function sendNext( string $owner = 'one' ): ?Settlement {
		$event = $this->events->claim( $owner, $this->clock->nowMs(), 120000 );
		return null === $event ? null : $this->send( $event, $owner );
	}

	public function send( Event $event, string $owner ): Settlement {
		$settlement = $this->sender->send( $event, $this->open() );
		$this->events->settle( $event, $owner, $settlement, $this->clock->nowMs() );
		return $settlement;
	}

	/** @return string[] the types of the events about a domain, in the order in which they came */
	public function typesOf( string $domain ): array {
		$events = array_filter( $this->events->all(), static fn( Event $event ) => $event->domain === $domain );
		return array_column( array_values( $events ), 'type' );
	}

	public function save( Difference $difference, bool $isComplete, int $nowMs ): void {
		$this->findings = compact( 'difference', 'isComplete' );
	}

	public function last(): ?array {
		return $this->findings;
	}
}
