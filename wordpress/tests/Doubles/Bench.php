<?php

namespace RunCloudRelay\Tests\Doubles;

use RunCloudRelay\Http\RelayClient;
use RunCloudRelay\Queue\Event;
use RunCloudRelay\Queue\Recorder;
use RunCloudRelay\Queue\Sender;
use RunCloudRelay\Queue\Settlement;
use RunCloudRelay\Settings\RelayAddress;
use RunCloudRelay\Webhook\RelaySecret;

/** The queue and its sender over doubles, for a test to drive step by step. */
final class Bench {
	public const SECRET = 'whsec_cmVsYXkgdmVjdG9yczogdGhlIGZpcnN0IGtleSwgMzJi';
	public const DOMAIN = 'shop.acme-bikes.com';

	public ManualClock $clock;
	public MemoryNames $names;
	public MemoryEvents $events;
	public MemoryDomains $domains;
	public RecordedWakeups $wakeups;
	public ScriptedRelay $relay;
	public Recorder $recorder;
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
	}

	public static function client( ScriptedRelay $relay, ManualClock $clock ): RelayClient {
		return new RelayClient( $relay, $clock, RelayAddress::parse( 'https://relay.example.org/default' ) );
	}

	/** Sends the event that is due, if any. */
	public function sendNext( string $owner = 'one' ): ?Settlement {
		$event = $this->events->claim( $owner, $this->clock->nowMs(), 120000 );
		return null === $event ? null : $this->send( $event, $owner );
	}

	public function send( Event $event, string $owner ): Settlement {
		$settlement = $this->sender->send( $event, self::client( $this->relay, $this->clock ), RelaySecret::parse( self::SECRET ) );
		$this->events->settle( $event, $owner, $settlement, $this->clock->nowMs() );
		return $settlement;
	}

	/** @return string[] the types of the events about a domain, in the order in which they came */
	public function typesOf( string $domain ): array {
		$events = array_filter( $this->events->all(), static fn( Event $event ) => $event->domain === $domain );
		return array_column( array_values( $events ), 'type' );
	}
}
